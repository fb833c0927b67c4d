"""Durations and moments in words that people use."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = 5 * MINUTE  # a lower end below this says nothing


def _unit(seconds: float) -> tuple[int, int, str]:
    """(length of the unit in seconds, steps of it worth telling apart, its name)."""
    if seconds < 90 * MINUTE:
        return MINUTE, 1 if seconds < 10 * MINUTE else 5, "minute"
    if seconds < 36 * HOUR:
        return HOUR, 1, "hour"
    return DAY, 1, "day"


def _words(seconds: float, up: bool) -> str:
    length, step, name = _unit(seconds)
    steps = round(seconds / length / step, 2)  # a second short of two hours is two hours
    count = max(1, (ceil(steps) if up else floor(steps)) * step)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def words_between(at_least: timedelta, at_most: timedelta) -> str:
    """A range that promises too little rather than too much: the lower end rounded down, the upper end up."""
    low, high = at_least.total_seconds(), at_most.total_seconds()
    upper = _words(high, up=True)
    if low < SOON:
        return f"up to {upper}"
    lower = _words(low, up=False)
    return f"about {upper}" if lower == upper else f"{lower} to {upper}"


def moment(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """“today at 16:40”, “tomorrow at 9:00”, else the day and the date, on the clock of `zone`."""
    at, today = at.astimezone(zone), (now or timezone.now()).astimezone(zone).date()
    clock = f"{at.hour}:{at:%M}"
    days = (at.date() - today).days
    if days in (0, 1):
        return f"{'today' if days == 0 else 'tomorrow'} at {clock}"
    year = f" {at.year}" if at.year != today.year else ""
    return f"{at:%A} {at.day} {at:%B}{year} at {clock}"


def zone_words(name: str) -> str:
    """“Berlin time” for Europe/Berlin."""
    return "UTC" if name in ("UTC", "Etc/UTC") else f"{name.rpartition('/')[2].replace('_', ' ')} time"
