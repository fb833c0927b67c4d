"""The working-time clock against a slow obvious one that looks at every minute, and on days when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.fairness.clock import WorkingHours

ROME = ZoneInfo("Europe/Rome")
OFFICE = (((540, 1020),),) * 5 + ((), ())
MINUTE = timedelta(minutes=1)
# Half-hour changes, changes at midnight and across it, a date left out, and no changes at all.
ZONES = ("UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "America/Asuncion",
         "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Atlantic/Azores")  # fmt: skip


def is_open(hours: WorkingHours, at: datetime) -> bool:
    """One look at the wall clock and at the hours as they were given."""
    wall = at.astimezone(ZoneInfo(hours.time_zone))
    minute, weekday = wall.hour * 60 + wall.minute, wall.weekday()
    if wall.date() in hours.closed:
        return False
    today, yesterday = hours.weekly[weekday], hours.weekly[weekday - 1]
    until = [(start, end if end > start else end + 1440) for start, end in today]
    since = [(start, end if end > start else end + 1440) for start, end in yesterday]
    return any(start <= minute < end for start, end in until) or any(
        start <= minute + 1440 < end for start, end in since
    )


def slow_between(hours: WorkingHours, a: datetime, b: datetime) -> int:
    minutes = int((b - a) / MINUTE)
    return sum(is_open(hours, a + k * MINUTE) for k in range(minutes))


def slow_due(hours: WorkingHours, start: datetime, minutes: int) -> datetime:
    while minutes:
        minutes -= is_open(hours, start)
        start += MINUTE
    return start


days = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(0, 2880)).filter(lambda i: i[0] != i[1] and i[1] <= i[0] + 1440),
    max_size=2,
)
changes = st.sampled_from(
    [datetime(2011, 12, 29, tzinfo=UTC), datetime(2010, 3, 13, tzinfo=UTC), datetime(2010, 11, 6, tzinfo=UTC),
     datetime(2024, 3, 30, tzinfo=UTC), datetime(2024, 10, 26, tzinfo=UTC), datetime(2023, 4, 1, tzinfo=UTC),
     datetime(2023, 9, 30, tzinfo=UTC), datetime(2024, 12, 30, tzinfo=UTC), datetime(2024, 4, 13, tzinfo=UTC)]
)  # fmt: skip
starts = st.builds(lambda day, minutes: day + minutes * MINUTE, changes, st.integers(0, 4000))
closed = st.builds(
    lambda day, ks: frozenset((day + timedelta(days=k)).date() for k in ks), changes, st.sets(st.integers(0, 6))
)
working_hours = st.builds(WorkingHours, st.sampled_from(ZONES), st.tuples(*[days] * 7).filter(any), closed)


@given(working_hours, starts, st.integers(0, 9 * 1440))
@settings(max_examples=120, deadline=None)
def test_between_counts_the_minutes_that_were_open(hours, start, span):
    assert hours.working_minutes_between(start, start + span * MINUTE) == slow_between(
        hours, start, start + span * MINUTE
    )


@given(working_hours, starts, st.integers(1, 2000))
@settings(max_examples=120, deadline=None)
def test_due_after_is_the_first_moment_with_that_much_open(hours, start, minutes):
    due = hours.due_after(start, minutes)
    assert hours.working_minutes_between(start, due) == minutes
    assert is_open(hours, due - MINUTE)
    if due - start < timedelta(days=9):
        assert due == slow_due(hours, start, minutes)


@given(working_hours, starts, st.integers(0, 10**7), st.integers(0, 10**7))
@settings(max_examples=100, deadline=None)
def test_time_adds_up(hours, a, first, second):
    b = a + first * MINUTE
    c = b + second * MINUTE
    between = hours.working_minutes_between
    assert between(a, b) + between(b, c) == pytest.approx(between(a, c), abs=1e-6)
    assert between(c, a) == -between(a, c)


@given(st.floats(0, 10**6), starts)
def test_always_open_is_calendar_time(minutes, start):
    due = WorkingHours.always().due_after(start, minutes)
    assert abs((due - start) / MINUTE - minutes) < 1e-6


def test_a_promise_made_at_lunch_on_friday_is_due_on_monday():
    hours = WorkingHours("Europe/Rome", OFFICE)
    assert hours.due_after(datetime(2024, 5, 3, 16, 30, tzinfo=ROME), 60) == datetime(2024, 5, 6, 9, 30, tzinfo=ROME)
    assert hours.due_after(datetime(2024, 5, 3, 16, 0, tzinfo=ROME), 60) == datetime(2024, 5, 3, 17, 0, tzinfo=ROME)


def test_a_closed_date_is_skipped():
    hours = WorkingHours("Europe/Rome", OFFICE, frozenset({date(2024, 5, 6)}))
    assert hours.due_after(datetime(2024, 5, 3, 16, 30, tzinfo=ROME), 60) == datetime(2024, 5, 7, 9, 30, tzinfo=ROME)


def test_the_answer_is_in_the_time_zone_of_the_question():
    due = WorkingHours("Europe/Rome", OFFICE).due_after(datetime(2024, 5, 3, 10, 0, tzinfo=UTC), 30)
    assert due.tzinfo is UTC
    assert due.hour == 10


def test_the_hour_that_is_skipped_is_nobodys_and_the_one_repeated_counts_twice():
    nights = WorkingHours("Europe/Rome", (((0, 360),),) * 7)
    midnight = datetime(2024, 3, 31, 0, 0, tzinfo=ROME)
    assert nights.working_minutes_between(midnight, datetime(2024, 3, 31, 12, 0, tzinfo=ROME)) == 300
    midnight = datetime(2024, 10, 27, 0, 0, tzinfo=ROME)
    assert nights.working_minutes_between(midnight, datetime(2024, 10, 27, 12, 0, tzinfo=ROME)) == 420


def test_hours_that_end_inside_the_repeated_hour_open_twice():
    hours = WorkingHours("Europe/Rome", (((60, 150),),) * 7)  # 01:00 to 02:30; 02:00 to 03:00 comes twice
    start = datetime(2024, 10, 26, 22, 0, tzinfo=UTC)
    assert hours.working_minutes_between(start, start + timedelta(hours=6)) == 120
    assert hours.due_after(start, 91) == datetime(2024, 10, 27, 1, 1, tzinfo=UTC)


def test_nights_may_be_written_either_way():
    start, later = datetime(2024, 6, 3, tzinfo=UTC), datetime(2024, 6, 10, tzinfo=UTC)
    for night in ((1320, 1800), (1320, 360)):
        assert WorkingHours("UTC", ((night,),) * 7).working_minutes_between(start, later) == 7 * 480


def test_overlapping_hours_count_once():
    hours = WorkingHours("UTC", (((540, 720), (600, 1020)),) + ((),) * 6)
    assert hours.working_minutes_between(datetime(2024, 6, 3, tzinfo=UTC), datetime(2024, 6, 4, tzinfo=UTC)) == 480


def test_microseconds_are_kept():
    start = datetime(2024, 6, 3, 12, 0, 0, 7, tzinfo=UTC)
    assert WorkingHours("UTC", OFFICE).due_after(start, 10) == start + 10 * MINUTE


def test_is_open():
    hours = WorkingHours("Europe/Rome", OFFICE)
    assert hours.is_open(datetime(2024, 5, 3, 9, 0, tzinfo=ROME))
    assert not hours.is_open(datetime(2024, 5, 3, 17, 0, tzinfo=ROME))


def test_equal_hours_are_equal_and_can_be_keys():
    assert {WorkingHours("UTC", OFFICE)} == {WorkingHours("UTC", [list(day) for day in OFFICE])}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zone", "weekly", "sentence"),
    [
        ("UTC", ((),) * 7, "never open"),
        ("UTC", ((),) * 5, "seven days"),
        ("UTC", (((900, 900),),) * 7, "no opening time"),
        ("Europe/Atlantis", OFFICE, "no time zone"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_a_sentence(zone, weekly, sentence):
    with pytest.raises(ValueError, match=sentence):
        WorkingHours(zone, weekly)


def test_hours_too_sparse_for_the_promise():
    a_minute_a_week = WorkingHours("UTC", (((0, 1),),) + ((),) * 6)
    with pytest.raises(ValueError, match="within 100 years"):
        a_minute_a_week.due_after(datetime(2024, 1, 1, tzinfo=UTC), 10_000)
    assert a_minute_a_week.due_after(datetime(2024, 1, 1, tzinfo=UTC), 53).year == 2024


def test_what_cannot_be_asked():
    hours = WorkingHours("UTC", OFFICE)
    with pytest.raises(ValueError, match="names no time zone"):
        hours.due_after(datetime(2024, 1, 1), 1)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="before it is made"):
        hours.due_after(datetime(2024, 1, 1, tzinfo=UTC), -1)
    with pytest.raises(ValueError, match="too far away"):
        hours.due_after(datetime(9999, 1, 1, tzinfo=UTC), 1)
