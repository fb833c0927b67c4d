"""A desk of real processes: `evenhand up` in a directory of its own, on ports of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE = 240  # seconds; the machine that runs the tests may be busy
COMMAND = [sys.executable, "-m", "evenhand"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what it says of a desk."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    return clean | {"EVENHAND_WEB_WORKERS": "1"} | more


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**settings), capture_output=True, text=True, timeout=PATIENCE
    )


def wait_until(true: Callable[[], object], why: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)


def get(port: int, path: str) -> int:
    """The status of a page, 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Desk:
    """One data directory and the `evenhand up` that runs, or ran, in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.http, self.smtp = free_port(), free_port()
        self.log = data.with_suffix(".log")
        self.process: psutil.Process | None = None

    def start(self) -> None:
        self.log.write_text("")
        with self.log.open("w") as log:
            started = subprocess.Popen(
                [*COMMAND, "up", *self.options], env=environment(), stdout=log, stderr=log, start_new_session=True
            )
        self.process = psutil.Process(started.pid)
        self.started = started
        wait_until(lambda: "Ready at" in self.said or started.poll() is not None, lambda: self.said)
        assert started.poll() is None, self.said

    @property
    def options(self) -> list[str]:
        return ["--data", str(self.data), "--http", f"127.0.0.1:{self.http}", "--smtp", f"127.0.0.1:{self.smtp}"]

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def family(self) -> list[psutil.Process]:
        """The supervisor and everything it started."""
        return [self.process, *self.process.children(recursive=True)] if self.process else []

    def part(self, name: str) -> psutil.Process:
        """The process of a part: web, work, mail, database, nursery, or page (the one behind web that serves)."""
        found = list(self._named(name))
        assert len(found) == 1, (name, found, self.said)
        return found[0]

    def _named(self, name: str) -> Iterator[psutil.Process]:
        titles = {"database": " -D ", "nursery": "evenhand.command.nursery", "page": "evenhand web worker-"}
        ours = self.process.children(recursive=name not in ("database", "nursery")) if self.process else []
        for each in ours:
            with suppress(psutil.Error):  # it has just ended
                title = " ".join(each.cmdline()).strip()
                if title == f"evenhand {name}" or titles.get(name, "?") in title:
                    yield each

    @property
    def well(self) -> bool:
        return get(self.http, "/healthz") == 200

    @property
    def takes_letters(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.smtp), 60) as door:
                return door.recv(3) == b"220"
        except OSError:
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.started.send_signal(number)
        return self.started.wait(PATIENCE)

    def kill(self) -> None:
        """What a power cut does."""
        if self.process and self.process.is_running():
            for each in self.family:
                each.kill()
            self.started.wait(PATIENCE)
