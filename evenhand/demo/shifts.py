"""When the demo's agents are at work: most of the opening hours, with a lunch break and a free day now and then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from evenhand.promise.models import Promise

FREE = 0.07  # of an agent's days
LUNCH = timedelta(minutes=45)


def shifts(random: Random, promise: Promise, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """One agent's (from, to) pieces of work, in order."""
    zone = ZoneInfo(promise.time_zone)
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    pieces: list[tuple[datetime, datetime]] = []
    while day <= last:
        if random.random() >= FREE:
            pieces += _of(day, random, promise, zone)
        day += timedelta(days=1)
    return pieces


def _of(day: date, random: Random, promise: Promise, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), zone)
    noon = midnight.replace(hour=12)
    if not promise.hours.is_open(noon):
        return []
    start, end = promise.weekly[day.weekday()][0]
    comes = midnight + timedelta(minutes=start + random.randrange(0, 50))
    goes = midnight + timedelta(minutes=end - random.randrange(0, 50))
    lunch = midnight.replace(hour=12) + timedelta(minutes=random.randrange(0, 75))
    if goes - comes < timedelta(hours=6):
        return [(comes, goes)]
    return [(comes, lunch), (lunch + LUNCH, goes)]
