"""Until when something may sleep, in the desk's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from .countdown import hours

LONGEST = timedelta(days=400)


def _opening(day: datetime) -> datetime:
    """When the desk first opens on or after midnight of `day`."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return (hours().due_after(midnight, 1) - timedelta(minutes=1)).astimezone(day.tzinfo)


def sleeps() -> list[tuple[str, str, datetime]]:
    """What the page offers beside a few hours: choice, words, and when that is. No moment stands there twice."""
    tomorrow, week = moment_of("tomorrow"), moment_of("week")
    today = timezone.now().astimezone(tomorrow.tzinfo).date()
    words = "Tomorrow" if tomorrow.date() == today + timedelta(days=1) else "The next day we are here"
    return [*([("tomorrow", words, tomorrow)] if tomorrow != week else []), ("week", "Next week", week)]


def moment_of(choice: str, at: str = "") -> datetime:
    """The moment that a choice (later, tomorrow, week, or "at" with a local date and time) means. Raises ValueError
    with a sentence."""
    zone = ZoneInfo(hours().time_zone)
    now = timezone.now().astimezone(zone)
    match choice:
        case "later":
            return now + timedelta(hours=3)
        case "tomorrow":
            return _opening(now + timedelta(days=1))
        case "week":
            return _opening(now + timedelta(days=7 - now.weekday()))
    try:
        until = datetime.fromisoformat(at)
        until = until if until.tzinfo else until.replace(tzinfo=zone)
    except ValueError as error:
        raise ValueError("Say until when: later today, tomorrow, next week, or a day and an hour.") from error
    if not now < until < now + LONGEST:
        raise ValueError("That moment is past, or more than a year away.")
    return until
