"""When an answer is due, said in the desk's working time."""

from __future__ import annotations

import time
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from evenhand.fairness.clock import WorkingHours
from evenhand.promise.models import Promise

SOON = 30  # minutes of working time
FRESH = 5  # seconds for which a process may remember the promise's hours


class Countdown(NamedTuple):
    words: str
    tone: str  # late, soon or calm
    at: str  # the moment, in the desk's time zone


@lru_cache(maxsize=2)
def _hours(_moment: int) -> WorkingHours:
    return Promise.current().hours


def hours() -> WorkingHours:
    return _hours(int(time.monotonic() / FRESH))


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def spell(minutes: float) -> str:
    """Minutes as words: 40 min, 2 h 10 min, 14 h."""
    whole = max(int(minutes), 0)
    if whole < 60:
        return f"{whole} min"
    hour, rest = divmod(whole, 60)
    return f"{hour} h {rest} min" if hour < 10 and rest else f"{hour} h"


def local(at: datetime, form: str = "%a %-d %b, %H:%M") -> str:
    """A moment in the desk's time zone."""
    return at.astimezone(_zone(hours().time_zone)).strftime(form)


def countdown(due_at: datetime, now: datetime) -> Countdown:
    """How much working time is left until `due_at`, or how much has gone since."""
    left = hours().working_minutes_between(now, due_at)
    if due_at <= now:
        return Countdown(f"{spell(-left)} late" if left <= -1 else "due now", "late", local(due_at))
    return Countdown(
        f"due in {spell(left)}" if left >= 1 else "due now", "soon" if left < SOON else "calm", local(due_at)
    )


def ago(at: datetime, now: datetime) -> str:
    """How long since, in calendar time: now, 5 min, 3 h, 2 d, then the date."""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h"
    if seconds < 7 * 86400:
        return f"{int(seconds // 86400)} d"
    return local(at, "%-d %b" if seconds < 300 * 86400 else "%-d %b %Y")


def until(at: datetime, now: datetime) -> str:
    """How long until, in calendar time."""
    return "now" if at <= now else ago(now, at) if (at - now).days < 7 else local(at, "%-d %b")
