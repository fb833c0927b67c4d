"""Durations and moments in words that people use, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from django.utils import timezone

from evenhand.web.wording import Wording, wording

MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = 5 * MINUTE  # a lower end below this says nothing


def _unit(seconds: float) -> tuple[int, int, str]:
    """(length of the unit in seconds, steps of it worth telling apart, its name)."""
    if seconds < 90 * MINUTE:
        return MINUTE, 1 if seconds < 10 * MINUTE else 5, "minutes"
    if seconds < 36 * HOUR:
        return HOUR, 1, "hours"
    return DAY, 1, "days"


def _words(seconds: float, up: bool, say: Wording) -> str:
    length, step, name = _unit(seconds)
    steps = round(seconds / length / step, 2)  # a second short of two hours is two hours
    count = max(1, (ceil(steps) if up else floor(steps)) * step)
    return str(getattr(say.time, name)(count))


def words_between(at_least: timedelta, at_most: timedelta) -> str:
    """A range that promises too little rather than too much: the lower end rounded down, the upper end up."""
    say = wording()
    low, high = at_least.total_seconds(), at_most.total_seconds()
    most = _words(high, up=True, say=say)
    if low < SOON:
        return say.time.up_to.format(most=most)
    least = _words(low, up=False, say=say)
    return say.time.about.format(most=most) if least == most else say.time.between.format(least=least, most=most)


def moment(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """“today at 16:40”, “tomorrow at 9:00”, else the day and the date, on the clock of `zone`."""
    say = wording().time
    at, today = at.astimezone(zone), (now or timezone.now()).astimezone(zone).date()
    clock = say.clock.format(hour=at.hour, minute=f"{at:%M}")
    days = (at.date() - today).days
    if days in (0, 1):
        return (say.tomorrow if days else say.today).format(clock=clock)
    form = say.day if at.year == today.year else say.day_of_year
    weekday, month = say.weekdays[at.weekday()], say.months[at.month - 1]
    return form.format(weekday=weekday, day=at.day, month=month, year=at.year, clock=clock)


def date_words(at: date) -> str:
    """“5 March 2026”."""
    say = wording().time
    return say.date.format(day=at.day, month=say.months[at.month - 1], year=at.year)


def zone_words(name: str) -> str:
    """“Berlin time” for Europe/Berlin."""
    if name in ("UTC", "Etc/UTC"):
        return "UTC"
    return wording().time.zone.format(city=name.rpartition("/")[2].replace("_", " "))
