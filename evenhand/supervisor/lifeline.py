"""A part does not outlive whoever started it, even when that was killed without a word."""

from __future__ import annotations

import os
import signal
import threading
import time

PARENT = "EVENHAND_PARENT"
LOOK_EVERY = 1.0  # seconds
PATIENCE = 20.0  # seconds a part may take to stop by itself


def follow(parent: int) -> None:
    """Stop this process, as SIGTERM would, soon after the process `parent` that started it is gone."""
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def follow_supervisor() -> None:
    """Follow the supervisor that started this process, if one did. Its own children are not to follow it too."""
    parent = os.environ.pop(PARENT, "")
    if parent:
        follow(int(parent))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
