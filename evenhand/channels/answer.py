"""What became of one try to hand a letter over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class End(Enum):
    SENT = "sent"
    LATER = "later"  # a temporary error: try again
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one try ended, in the server's words; `refused` are the recipients it would not take while it took others, `later`
    those it put off meanwhile, `gone` those of whom it says that there is nobody."""

    end: End
    words: str = ""
    refused: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    perhaps: bool = False  # it may have been taken, and nobody said so
    rest: timedelta | None = None  # for how long nothing should be brought there
