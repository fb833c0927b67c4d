"""The one light and the verdicts, in words: the same on every page that shows them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from .statement import STALE_AFTER, Statement

VERDICTS = {
    "parity": "Parity shown",
    "disparity": "A difference",
    "within tolerance": "Different, within tolerance",
    "not enough evidence": "Not enough evidence",
}
EXPLAINED = {
    "parity": "Every figure of every group lies inside the margin, with certainty.",
    "disparity": "At least one group waits or fares differently, with certainty, beyond the margin.",
    "within tolerance": "There is a certain difference somewhere; it lies inside the margin that was published beforehand.",
    "not enough evidence": "Too few conversations to say either: neither a difference nor its absence is shown.",
}
SAID = {
    "green": ("Green", "No alarm, and enough like conversations were compared to show that plans make no difference."),
    "amber": ("Amber", "No alarm. There are not enough like conversations yet to show that plans make no difference."),
    "red": (
        "Red",
        "Of two like conversations, one plan's fared better more often than chance explains.",
    ),
}


class Light(NamedTuple):
    """Green, amber and red are the audit's; grey is nothing to go by."""

    colour: str
    name: str
    sentence: str

    @classmethod
    def of(cls, statement: Statement | None) -> Light:
        if statement is None:
            return cls(
                "grey", "Grey: not measured yet", "No audit has run here yet. Until one has, nothing is claimed."
            )
        if statement.is_stale:
            since = f"The last statement is of {day(statement.made_at)}, more than {STALE_AFTER.days} days ago."
            return cls("grey", "Grey: out of date", f"{since} What is not measured is not claimed.")
        return cls(statement.light, *SAID[statement.light])


def still(statement: Statement) -> str:
    """Why the figures are older than the statement, empty where they are not."""
    since = statement.stands_since
    if since is None:
        return ""
    return (
        f"The figures are those of {day(since)}, and stand. New ones come when enough customers of every group have "
        "written; with fewer, the difference between two statements could be about one of them."
    )


def day(at: datetime) -> str:
    """“1 June 2026”, in UTC as statements are dated."""
    return f"{at.day} {at:%B %Y}"


def verdict_words(verdict: str) -> str:
    return VERDICTS.get(verdict, verdict)
