"""The lab in a process of its own: this one never loads a compiler, and agents do not wait for a study.

One study at a time in a web process; whoever comes second waits for a moment and is then asked to come again.
"""

from __future__ import annotations

import logging
import os
import resource
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

import orjson

log = logging.getLogger(__name__)
LIMIT = 90.0  # seconds; the very first run compiles for half a minute
WAIT = 5.0  # seconds for another study to end
MEMORY = 6 * 2**30  # bytes of address space, of which the compiler alone takes a good part
ONE = BoundedSemaphore(1)
# What the lab is told of this process's environment: where things are, and nothing of the desk.
TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "PYTHONPATH", "SYSTEMROOT")


class Unplayed(Exception):
    """The lab gave no answer. Carries the sentence for the reader and the status of the page."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


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


def _process(arguments: list[str], folder: str) -> subprocess.CompletedProcess[bytes]:
    behind = ["nice", "-n", "5"] if shutil.which("nice") else []  # agents' pages come first
    command = [*behind, sys.executable, "-P", "-m", "evenhand", "lab", *arguments, "--json"]
    environment = {name: os.environ[name] for name in TOLD if name in os.environ}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe) as process:  # noqa: S603
        if hasattr(resource, "prlimit"):  # Linux
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            out, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Unplayed(
            f"This takes longer than {LIMIT:.0f} seconds, which is more than a page should. Ask for fewer tickets, draws or "
            "policies, or play the file with evenhand lab, which has all the time you give it.", 503
        ) from None  # fmt: skip
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _said(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    if done.returncode == 0:
        found: dict[str, Any] = orjson.loads(done.stdout)
        return found
    errors = [line for line in done.stderr.decode(errors="replace").splitlines() if line.startswith("Error: ")]
    if done.returncode in (1, 2) and errors:
        raise Unplayed(errors[-1].removeprefix("Error: "))
    log.error("the lab ended with %s: %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    raise Unplayed("The lab stopped without an answer, perhaps for want of memory. Ask for fewer tickets.", 503)
