"""`python -m evenhand.command.nursery FD`: becomes the parts of a desk, see `evenhand.supervisor.nursery`.

It keeps no connection open and starts no thread, so that it can fork at any time.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

import setproctitle

from evenhand.supervisor import lifeline

SHARED = (
    "evenhand.serving.application", "evenhand.channels.tasks", "evenhand.channels.serving", "evenhand.schedule",
    "granian.server", "procrastinate.worker",
)  # fmt: skip
COMMANDS = ("web", "work", "mail")


class Nursery:
    """Makes processes until it is told to stop and all have ended, or until nobody asks any more."""

    def __init__(self, control: socket.socket) -> None:
        self.control, self.running, self.stopping = control, 0, False
        self.woken, waking = os.pipe()
        os.set_blocking(waking, False)
        signal.set_wakeup_fd(waking)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def serve(self) -> str:
        """In the nursery "", when it is over; in a process that it made, the command to become."""
        while not (self.stopping and not self.running):
            ready, _, _ = select.select([self.control, self.woken], [], [])
            if self.woken in ready:
                os.read(self.woken, 4096)
                self._reap()
            if self.control in ready:
                asked, files, _, _ = socket.recv_fds(self.control, 64, 1)
                if not asked:
                    return ""
                if command := self._make(asked.decode(), files[0]):
                    return command
        return ""

    def _make(self, command: str, output: int) -> str:
        pid = os.fork()
        if not pid:
            self._leave(output)
            return command
        os.close(output)
        self.running += 1
        self.control.sendall(f"{pid}\n".encode())
        return ""

    def _leave(self, output: int) -> None:
        """In the new process: be one of its own, with its own output."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self.control.close()
        os.close(self.woken)
        for standard in (1, 2):
            os.dup2(output, standard)
        os.close(output)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self.running -= 1
                self.control.sendall(f"{ended[0]} {os.waitstatus_to_exitcode(ended[1])}\n".encode())


def main() -> None:
    load()
    command = Nursery(socket.socket(fileno=int(sys.argv[1]))).serve()
    if command:
        become(command)


def load() -> None:
    """Everything that the parts share."""
    from evenhand.serving import start

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    with suppress(subprocess.CalledProcessError):  # the web says it, and tries again
        start.collect()
    start.load()
    for name in (*SHARED, *(f"evenhand.command.{command}" for command in COMMANDS)):
        import_module(name)
    start.warm()
    start.freeze()


def become(command: str) -> None:
    """Be `evenhand COMMAND`, to its end."""
    from . import main as evenhand

    os.environ[lifeline.PARENT] = str(os.getppid())
    os.environ["SPT_NOENV"] = "1"  # the title takes the place of the arguments alone
    setproctitle.setproctitle(f"evenhand {command}")
    evenhand([command], prog_name="evenhand")


if __name__ == "__main__":
    main()
