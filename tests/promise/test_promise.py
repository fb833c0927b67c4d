from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from evenhand.promise.models import Promise
from evenhand.promise.need import GoingOn, Need, Wish, need_from

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)


def test_a_desk_that_promised_nothing_yet_has_the_default():
    assert Promise.current().minutes_for(Need.BLOCKED, "first") == 60


def test_the_version_in_force_is_the_latest_that_applies():
    Promise.objects.create(applies_from=FRIDAY, first_reply={**Promise().first_reply, "question": 30})
    Promise.objects.create(applies_from=FRIDAY + timedelta(days=7))
    assert Promise.current(FRIDAY + timedelta(days=1)).minutes_for("question", "first") == 30
    assert Promise.current(FRIDAY - timedelta(days=1)).minutes_for("question", "first") == 480
    assert Promise.current(FRIDAY + timedelta(days=8)).minutes_for("question", "first") == 480


def test_due_counts_working_time_over_a_weekend_a_holiday_and_a_closed_day():
    promise = Promise(time_zone="Europe/Berlin", holidays_of="DE", closed_days=[date(2026, 4, 7)])
    thursday = datetime(2026, 4, 2, 14, 30, tzinfo=UTC)  # 16:30 in Berlin; Good Friday and Easter Monday follow
    assert promise.due_after(thursday, Need.BLOCKED, "first") == datetime(2026, 4, 8, 7, 30, tzinfo=UTC)


def test_due_follows_the_need():
    promise = Promise()
    assert promise.due_after(FRIDAY, Need.BLOCKED, "first") == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    assert promise.due_after(FRIDAY, Need.IDEA, "first") == datetime(2026, 3, 10, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"first_reply": {"blocked": 60}},
        {"next_reply": dict.fromkeys(Need.values, 0)},
        {"time_zone": "Mars/Olympus"},
        {"weekly": [[]] * 7},
        {"holidays_of": "XX"},
        {"weekly": [[[900, 800]]] + [[]] * 5},
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused_with_a_sentence(fields):
    with pytest.raises(ValidationError):
        Promise(**fields).full_clean()


@pytest.mark.parametrize(
    ("going_on", "wish", "need"),
    [
        (GoingOn.NO, Wish.IDEA, Need.BLOCKED),
        (GoingOn.HARDLY, Wish.ANSWER, Need.HINDERED),
        (GoingOn.YES, Wish.FIX, Need.QUESTION),
        (GoingOn.YES, Wish.ANSWER, Need.QUESTION),
        (GoingOn.YES, Wish.IDEA, Need.IDEA),
    ],
)
def test_two_questions_make_the_need(going_on, wish, need):
    assert need_from(going_on, wish) == need
