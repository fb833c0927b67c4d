"""The lab's own process, started when first wanted and kept ready; each study is a child of it with its own memory."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

import orjson

MEMORY = 6 * 2**30  # bytes of address space, of which the compiler alone takes a good part
# What the lab is told of this process's environment: where things are, and nothing of the desk.
TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "PYTHONPATH", "SYSTEMROOT")
GRACE = 10.0  # seconds for the end of a child that was killed
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a process with threads must not be copied


class NotReady(Exception):
    """The lab is still loading; on a new installation it compiles for a while."""


class ReadyLab:
    """One at a time: whoever plays must hold a lock."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False

    def start(self) -> None:
        """Begin to be ready, without waiting for it."""
        if self.process is None or self.process.poll() is not None:
            self.process, self.ready = self._started(), False

    @staticmethod
    def _started() -> subprocess.Popen[bytes]:
        behind = ["nice", "-n", "5"] if shutil.which("nice") else []  # agents' pages come first
        command = [*behind, sys.executable, "-P", "-m", "evenhand", "lab", "warm"]
        environment = {name: os.environ[name] for name in TOLD if name in os.environ} | SINGLE
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603
            command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0
        )

    def play(self, arguments: list[str], folder: str, limit: float) -> int:
        """The exit code of `evenhand lab` with these words, its output in the folder. Raises TimeoutError for a study that
        takes too long, NotReady while the lab still compiles."""
        ask = orjson.dumps({"arguments": arguments, "folder": folder, "memory": MEMORY}) + b"\n"
        until = time.monotonic() + limit
        for _ in range(2):  # it may have ended a moment ago, for want of questions
            self.start()
            with suppress(BrokenPipeError, EOFError):
                self._get_ready(until)
                self._write(ask)
                return self._ended(int(self._line(until + GRACE)["pid"]), until)
        return -signal.SIGKILL

    def _get_ready(self, until: float) -> None:
        """Wait until it has loaded. It goes on loading, and compiling, when that takes longer than the reader waits."""
        if not self.ready:
            try:
                self._line(until)
            except TimeoutError:
                raise NotReady from None
            self.ready = True

    def _ended(self, pid: int, until: float) -> int:
        """Its exit code; a child that takes too long is ended, and the lab stays ready."""
        try:
            return int(self._line(until)["code"])
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self._line(until + GRACE)
            raise
        except EOFError:
            return -signal.SIGKILL

    def _write(self, ask: bytes) -> None:
        assert self.process is not None and self.process.stdin is not None  # noqa: S101, PT018
        self.process.stdin.write(ask)

    def _line(self, until: float) -> dict[str, Any]:
        """The next answer. Raises TimeoutError, or EOFError when the process has ended."""
        assert self.process is not None and self.process.stdout is not None  # noqa: S101, PT018
        if not select.select([self.process.stdout], [], [], max(until - time.monotonic(), 0))[0]:
            raise TimeoutError
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise EOFError
        found: dict[str, Any] = orjson.loads(line)
        return found

    def stop(self) -> None:
        """End it; the next study starts another."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None
