"""How long first reply and resolution took, or have taken so far, from moments or from durations."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from evenhand.audit.export.asides import Asides
from evenhand.audit.export.moments import DateOrder, Moments, is_blank, moments
from evenhand.audit.export.spans import is_duration, is_number, spans, unit_in
from evenhand.fairness.durations import Flags, Floats

SPOKEN = {"first_reply": "first reply", "resolved": "resolution"}
LOOKED_AT = 500  # values, to tell durations from moments


@dataclass(frozen=True)
class Timing:
    """One metric's column as read: seconds since 1970, or seconds that it took."""

    word: str
    read: Moments
    took: bool  # durations, not moments
    note: str | None = None

    @property
    def name(self) -> str:
        return SPOKEN[self.word]

    def last(self) -> float:
        """The latest moment in the column; minus infinity for durations."""
        seconds = self.read.seconds[~np.isnan(self.read.seconds)]
        return -np.inf if self.took or not len(seconds) else float(seconds.max())


def timing(word: str, header: str, texts: list[str], order: DateOrder, unit: str | None) -> Timing:
    """Read a column of moments or of durations, whichever most of it is."""
    said = list(islice((text for text in texts if not is_blank(text.strip())), LOOKED_AT))
    if sum(map(is_duration, said)) * 2 <= len(said):
        return Timing(word, moments(texts, order), took=False)
    named = unit or unit_in(header)
    note = (
        None
        if named or not any(map(is_number, said))
        else f"The numbers in {header!r} are taken for hours; say --unit minutes (or seconds, days) if not."
    )
    return Timing(word, spans(texts, named or "hours"), took=True, note=note)


@dataclass(frozen=True)
class Endings:
    """What is known of how each ticket stands, to tell what has ended from what is still going on."""

    opened: Floats  # seconds since 1970, or nan
    over: Floats  # seconds since 1970: when it was resolved or withdrawn, or nan
    waited: Floats  # hours it has surely lasted where durations are all there is, or nan
    abandoned: Flags
    still_open: Flags
    unanswered: Flags  # said outright to have had no reply
    closed: Flags
    end: float  # seconds since 1970: when the file was made


def hours_of(timing: Timing, known: Endings, asides: Asides) -> tuple[Floats, Flags]:
    """Hours and whether they ended, per ticket; nan where nothing can be said, each counted with its reason."""
    name, seconds = timing.name, timing.read.seconds
    asides.note(timing.read.unreadable, f"{name}: cannot be read")
    raw = seconds / 3600 if timing.took else (seconds - known.opened) / 3600
    asides.note(raw < 0, f"{name}: before the ticket was opened" if not timing.took else f"{name}: negative duration")
    missing = np.isnan(raw) & ~timing.read.unreadable
    so_far = _so_far(timing, known)
    hours = np.where(raw >= 0, raw, np.where(missing & (so_far >= 0), so_far, np.nan))
    unended = known.unanswered | known.abandoned if timing.word == "first_reply" else known.still_open | known.abandoned
    ended = (raw >= 0) & ~(unended & timing.took)
    asides.note(missing & np.isnan(hours), f"{name}: none, and nothing says until when it was waited for")
    return hours, ended


def _so_far(timing: Timing, known: Endings) -> Floats:
    """Hours for which a ticket without a reply (or resolution) has surely waited."""
    if timing.word == "first_reply":
        until = np.where(np.isnan(known.over), np.where(known.closed | known.abandoned, np.nan, known.end), known.over)
    else:
        until = np.where(known.closed | known.abandoned, known.over, known.end)
    waited = (until - known.opened) / 3600
    return np.where(np.isnan(waited) & ~np.isnan(known.waited), known.waited, waited)
