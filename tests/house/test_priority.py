"""Pages come before what a worker does, also where the system shares the processors out by session."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.command.work import NICE

SAY = "import os; from evenhand.command.work import let_pages_come_first as first; first(); print(os.nice(0))"
GROUP = Path("/proc/self/autogroup")


def started(code: str, *, alone: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, start_new_session=alone, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("alone", [True, False])
def test_a_worker_is_nice(alone):
    assert started(SAY, alone=alone) == [str(min(os.nice(0) + NICE, 19))]


def test_its_session_is_nice_if_it_is_alone_there():
    code = f"{SAY}; from pathlib import Path; path = Path({str(GROUP)!r}); print(path.read_text().split()[-1] if path.exists() else {NICE})"
    assert started(code, alone=True)[-1] == str(NICE)
    if GROUP.exists():
        before = GROUP.read_text()
        started(SAY, alone=False)
        assert GROUP.read_text() == before
