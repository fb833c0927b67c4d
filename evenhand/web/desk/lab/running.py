"""The lab in a process of its own: this one never loads a compiler, and agents do not wait for a study.

One study at a time in a web process; whoever comes second waits for a moment and is then asked to come again. The process
is kept for the next study, because loading and compiling takes ten times as long as playing one.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import orjson

from .ready import NotReady, ReadyLab

log = logging.getLogger(__name__)
LIMIT = 90.0  # seconds; the very first run compiles for half a minute
WAIT = 5.0  # seconds for another study to end
ONE = BoundedSemaphore(1)
LAB = ReadyLab()


class Done(NamedTuple):
    """How a study ended, and what it printed."""

    code: int
    out: bytes
    err: bytes


class Unplayed(Exception):
    """The lab gave no answer. Carries the sentence for the reader and the status of the page."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def get_ready() -> None:
    """Let the lab load while a reader still looks at the page."""
    if ONE.acquire(blocking=False):
        try:
            LAB.start()
        finally:
            ONE.release()


@lru_cache(maxsize=32)
def compared(study: str) -> dict[str, Any]:
    """What `evenhand lab compare` finds for the text of a study. Nobody may change it. Raises Unplayed."""
    return _run(["compare", "study.toml", "--workers", "1"], {"study.toml": study.encode()})


def replayed(arguments: list[str], name: str, file: bytes) -> dict[str, Any]:
    """What `evenhand lab replay` finds in `file`. Raises Unplayed."""
    return _run(["replay", name, *arguments], {name: file})


def _run(arguments: list[str], files: dict[str, bytes]) -> dict[str, Any]:
    if not ONE.acquire(timeout=WAIT):
        raise Unplayed("Another study is being played. Try again in a moment; your numbers are still here.", 503)
    try:
        with TemporaryDirectory(prefix="evenhand-lab-") as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            return _said(_process(arguments, folder))
    finally:
        ONE.release()


def _process(arguments: list[str], folder: str) -> Done:
    begin = time.monotonic()
    try:
        code = LAB.play([*arguments, "--json"], folder, LIMIT)
    except TimeoutError:
        raise Unplayed(
            f"This takes longer than {LIMIT:.0f} seconds, which is more than a page should. Ask for fewer tickets, draws or "
            "policies, or play the file with evenhand lab, which has all the time you give it.", 503
        ) from None  # fmt: skip
    except NotReady:
        raise Unplayed(
            "The lab is still getting ready; after an installation it compiles for a minute. Try again in a moment, your "
            "numbers are still here.", 503
        ) from None  # fmt: skip
    log.info("the lab took %.2f s", time.monotonic() - begin)
    out, err = (Path(folder) / name for name in ("out", "err"))
    return Done(code, out.read_bytes() if out.exists() else b"", err.read_bytes() if err.exists() else b"")


def _said(done: Done) -> dict[str, Any]:
    if done.code == 0:
        found: dict[str, Any] = orjson.loads(done.out)
        return found
    errors = [line for line in done.err.decode(errors="replace").splitlines() if line.startswith("Error: ")]
    if done.code in (1, 2) and errors:
        raise Unplayed(errors[-1].removeprefix("Error: "))
    log.error("the lab ended with %s: %s", done.code, done.err[-2000:].decode(errors="replace"))
    raise Unplayed("The lab stopped without an answer, perhaps for want of memory. Ask for fewer tickets.", 503)
