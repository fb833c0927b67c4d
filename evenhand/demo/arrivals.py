"""When the demo's customers write: by day of the week, by hour where they live, and more this morning than usual."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

DAYS = (1.25, 1.1, 1.05, 1.0, 0.9, 0.3, 0.25)  # from Monday
HOURS_EAST = {"ja": 8, "zh": 7, "ar": 1, "he": 1, "ru": 2, "el": 1, "en": 0}  # of the desk
BUSY = timedelta(hours=3)  # the last hours, in which more comes than usual


def moment(random: Random, language: str, since: datetime, until: datetime) -> datetime:
    """A moment at which a customer of this language writes, by rejection."""
    while True:
        at = since + (until - since) * random.random()
        local = at + timedelta(hours=HOURS_EAST.get(language, 0))
        if random.random() * 1.25 < DAYS[local.weekday()] * _awake(local.hour):
            return at


def _awake(hour: int) -> float:
    if 8 <= hour < 18:
        return 1.0
    return 0.3 if 6 <= hour < 22 else 0.06


def lately(random: Random, until: datetime) -> datetime:
    return until - BUSY * random.random()
