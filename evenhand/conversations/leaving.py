"""A reply is a row that waits to leave. This job says when; the room above, which sends it, does the job."""

from __future__ import annotations

from datetime import datetime

from .waking import wake

SEND = "channels.send"


def at(moment: datetime | None = None) -> None:
    """Have what is due sent at `moment` (default: now)."""
    wake(SEND, moment)
