"""When an answer is due, in working time, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from evenhand.fairness.clock import WorkingHours
from evenhand.web.desk import countdown as count
from evenhand.web.desk import snooze

OFFICE = WorkingHours("Europe/Berlin", (((540, 1020),),) * 5 + ((), ()))
FRIDAY = datetime(2026, 1, 16, 15, 0, tzinfo=UTC)  # 16:00 in Berlin, an hour before the desk closes


@pytest.fixture(autouse=True)
def office(monkeypatch):
    monkeypatch.setattr(count, "hours", lambda: OFFICE)
    monkeypatch.setattr(snooze, "hours", lambda: OFFICE)


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (FRIDAY + timedelta(minutes=20), "due in 20 min", "soon"),
        (FRIDAY + timedelta(minutes=45), "due in 45 min", "calm"),
        (datetime(2026, 1, 19, 9, 0, tzinfo=UTC), "due in 2 h", "calm"),  # Monday 10:00: the weekend does not count
        (datetime(2026, 1, 19, 8, 30, tzinfo=UTC), "due in 1 h 30 min", "calm"),
        (datetime(2026, 1, 21, 15, 0, tzinfo=UTC), "due in 24 h", "calm"),
        (FRIDAY, "due now", "late"),
        (FRIDAY - timedelta(minutes=90), "1 h 30 min late", "late"),
        (datetime(2026, 1, 15, 15, 0, tzinfo=UTC), "8 h late", "late"),  # a day ago: eight hours of work
    ],
)
def test_words_and_tone(due, words, tone):
    assert count.countdown(due, FRIDAY)[:2] == (words, tone)


def test_late_over_a_weekend_is_not_later():
    saturday, sunday = datetime(2026, 1, 17, 12, tzinfo=UTC), datetime(2026, 1, 18, 12, tzinfo=UTC)
    due = datetime(2026, 1, 16, 15, 30, tzinfo=UTC)
    assert count.countdown(due, saturday).words == count.countdown(due, sunday).words == "30 min late"


def test_the_moment_is_told_in_the_desks_time_zone():
    assert count.countdown(FRIDAY + timedelta(hours=1), FRIDAY).at == "Fri 16 Jan, 17:00"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (5, "now"),
        (300, "5 min"),
        (7200, "2 h"),
        (3 * 86400, "3 d"),
        (30 * 86400, "17 Dec"),
        (400 * 86400, "12 Dec 2024"),
    ],
)
def test_ago(before, words):
    assert count.ago(FRIDAY - timedelta(seconds=before), FRIDAY) == words


def test_snoozing_until_the_desk_opens(monkeypatch):
    monkeypatch.setattr(snooze.timezone, "now", lambda: FRIDAY)
    monday = datetime(2026, 1, 19, 8, 0, tzinfo=UTC)
    assert snooze.moment_of("later") == FRIDAY + timedelta(hours=3)
    assert snooze.moment_of("tomorrow") == monday
    assert snooze.moment_of("week") == monday
    assert snooze.moment_of("at", "2026-02-01T10:30") == datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="past"):
        snooze.moment_of("at", "2026-01-16T15:59")


def test_the_page_says_when_the_choices_are_and_no_moment_twice(monkeypatch):
    monkeypatch.setattr(snooze.timezone, "now", lambda: FRIDAY)
    monday = datetime(2026, 1, 19, 8, 0, tzinfo=UTC)
    assert snooze.sleeps() == [("week", "Next week", monday)]
    monkeypatch.setattr(snooze.timezone, "now", lambda: FRIDAY - timedelta(days=2))
    thursday = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
    assert snooze.sleeps() == [("tomorrow", "Tomorrow", thursday), ("week", "Next week", monday)]
