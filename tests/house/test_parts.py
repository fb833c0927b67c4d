"""The supervisor's pieces: how a part is described when it ends, how often it is tried again, what the log lets through."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from evenhand.env import Address
from evenhand.supervisor import part as parts
from evenhand.supervisor.desk import Desk
from evenhand.supervisor.log import LONGEST_LINE, Log
from evenhand.supervisor.part import Part, ending
from evenhand.supervisor.supervisor import Supervisor

from .desk import PATIENCE, wait_until


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended"), (3, "ended with code 3"), (-9, "was killed by SIGKILL"), (-15, "was killed by SIGTERM")],
)
def test_endings_in_words(code: int, words: str) -> None:
    assert ending(code) == words


def log_of(output: bytes) -> list[str]:
    """The lines that a part's output makes in the log, without their time."""

    async def copy() -> str:
        stream, lines = io.StringIO(), asyncio.StreamReader()
        lines.feed_data(output)
        lines.feed_eof()
        await Log(stream).follow("web", lines)
        return stream.getvalue()

    return [line[9:] for line in asyncio.run(copy()).splitlines()]


def test_a_line_is_a_line_with_its_parts_name() -> None:
    assert log_of(b"one\ntwo") == ["web      one", "web      two"]


def test_nothing_forges_a_line_or_moves_the_cursor() -> None:
    assert log_of(b"a\rb\x1b[2Jc\xe2\x80\xaed\n") == [r"web      a\rb\x1b[2Jc\u202ed"]


def test_an_endless_line_is_cut() -> None:
    lines = log_of(b"x" * (3 * LONGEST_LINE))
    assert len(lines) == 3
    assert sum(len(line) - len("web      ") for line in lines) == 3 * LONGEST_LINE


def test_a_part_that_keeps_dying_is_tried_ever_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("mail", [sys.executable, "-c", "raise SystemExit(7)"], {})
    monkeypatch.setattr(parts, "LONGEST_DELAY", 3.0)

    async def run() -> list[float]:
        delays = []
        for _ in range(5):
            assert await part.run(Log(io.StringIO())) == 7
            delays.append(part.delay)
        return delays

    delays = asyncio.run(run())
    assert delays == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert all(a <= b for a, b in pairwise(delays))


def test_what_a_part_leaves_behind_ends_with_it() -> None:
    """A grandchild that kept the part's port would keep it from starting again."""
    script = "import subprocess, sys; print(subprocess.Popen(['sleep', '600']).pid, flush=True)"

    async def run() -> str:
        stream = io.StringIO()
        await Part("web", [sys.executable, "-c", script], {"PATH": "/usr/bin:/bin"}).run(Log(stream))
        return stream.getvalue()

    pid = int(asyncio.run(run()).split()[-1])

    def over() -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    wait_until(over)  # it was killed, and dies when it gets its turn


def test_a_program_that_is_not_there_is_said_so() -> None:
    async def run() -> str:
        stream = io.StringIO()
        supervisor = Supervisor(Log(stream))
        supervisor.keep(Part("mail", ["/nonexistent/program"], {}))
        async with asyncio.timeout(PATIENCE):
            while "could not be started" not in stream.getvalue():
                await asyncio.sleep(0.01)
        await supervisor.stop()
        return stream.getvalue()

    assert "could not be started" in asyncio.run(run())


def test_what_most_desks_never_need_is_not_loaded_before_the_parts_part(database_urls) -> None:
    """Whatever is, every desk pays for; numbers and other people's sign-in are loaded by whoever needs them."""
    program = (
        "import sys; from evenhand.command import nursery; nursery.load()\n"
        "assert 'granian.server' in sys.modules\n"
        "print(*{'numpy', 'py3langid', 'requests', 'authlib', 'anymail', 'pydantic'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_a_database_that_does_not_answer_keeps_no_part_from_starting() -> None:
    program = "from evenhand.serving import start; start.load(); start.warm()"
    away = {**os.environ, "EVENHAND_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=away, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("host", "url", "far"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", False),
        ("0.0.0.0", "http://127.0.0.1:8000", True),
        ("192.168.1.5", "http://localhost:8000", True),
        ("0.0.0.0", "https://help.calm.example", False),
        ("127.0.0.1", "https://help.calm.example", False),
    ],
)
def test_a_desk_knows_when_its_links_lead_others_nowhere(tmp_path: Path, host: str, url: str, far: bool) -> None:
    smtp = Address("127.0.0.1", 2525)
    assert Desk(tmp_path, Address(host, 8000), smtp, url, False, "", "").far_from_its_links is far
