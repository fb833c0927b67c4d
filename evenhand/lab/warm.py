"""A lab that is ready: started once, it has loaded and compiled everything, and plays each study in a child of its own.

One line of JSON asks on standard input: the words of an `evenhand lab` command, a folder, and how much memory it may take.
It says that it is ready, and then for each question two lines answer on standard output: the child's process number as soon as it runs, so that it can be ended, and its exit
code; what it printed is in the folder's `out` and `err`. A child that takes too much or crashes takes nothing with it.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import orjson

IDLE = 900.0  # seconds without a question after which it ends, and gives its memory back

Command = Callable[[list[str]], int]  # the words after `evenhand lab`; an exit code


def serve(command: Command, warm: Callable[[], object]) -> None:
    """Answer until standard input closes, or nobody has asked for a while."""
    warm()
    asked = sys.stdin.buffer
    _say({"ready": True})
    while select.select([asked], [], [], IDLE)[0]:
        line = asked.readline()
        if not line:
            return
        pid = _begin(command, orjson.loads(line))
        _say({"pid": pid})
        _say({"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(what) + b"\n")
    sys.stdout.buffer.flush()


def _begin(command: Command, ask: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        _child(command, ask)
    return pid


def _child(command: Command, ask: dict[str, Any]) -> NoReturn:
    """In the folder, within the memory, with its output in files; it never returns to the loop."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(ask["folder"])
        _into_files()
        if hasattr(resource, "RLIMIT_AS"):
            resource.setrlimit(resource.RLIMIT_AS, (ask["memory"], ask["memory"]))
        code = command(ask["arguments"])
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here and its reason is in `err`
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _into_files() -> None:
    os.close(0)
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(Path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
