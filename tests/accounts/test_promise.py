from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from evenhand.promise.models import Promise
from evenhand.web.accounts.hours import day_in, minutes_in, words_of, words_of_day

NEEDS = ("blocked", "hindered", "question", "idea")
FORM = {
    "time_zone": "Europe/Berlin",
    "holidays_of": "DE-BY",
    "closed_days": "2026-12-24\n2026-12-31",
    "words": "Within a day.",
    "applies_from": "",
    **{f"first_{need}": time for need, time in zip(NEEDS, ("30 min", "2 h", "1 h 30 min", "16 h"), strict=True)},
    **{f"next_{need}": "4 h" for need in NEEDS},
    **{f"day_{n}": "9:00–12:30, 13:30-18" for n in range(5)},
    "day_5": "",
    "day_6": "closed",
}


@pytest.mark.parametrize(("text", "minutes"), [("4 h", 240), ("30 min", 30), ("1 h 30 min", 90), ("1,5 h", 90), ("2 hours", 120), ("90m", 90)])  # fmt: skip
def test_times_are_read_as_people_write_them(text, minutes):
    assert minutes_in(text) == minutes


@pytest.mark.parametrize("text", ["", "4", "soon", "4 h or so", "-4 h", "0 min", "9999 h", "4 d"])
def test_what_is_no_time_is_told_so(text):
    with pytest.raises(ValueError, match=r"Write it like|at least a minute"):
        minutes_in(text)


@given_by(st.integers(1, 60 * 24 * 60))
def test_times_come_back_as_they_were(minutes):
    assert minutes_in(words_of(minutes)) == minutes


@pytest.mark.parametrize("text", ["9", "9:00", "25:00–26:00", "9:00-9:00", "9:75-10", "nine to five", "9:00–17:00;18"])
def test_what_are_no_hours_is_told_so(text):
    with pytest.raises(ValueError, match=r"Write it like|not on the clock"):
        day_in(text)


@given_by(
    st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda span: span[0] != span[1]), max_size=3)
)
def test_hours_come_back_as_they_were(spans):
    day = [list(span) for span in spans]
    assert day_in(words_of_day(day)) == day


@pytest.mark.django_db
def test_a_promise_is_a_new_version_and_the_old_one_stays(as_admin, admin):
    before = Promise.objects.create(applies_from=datetime(2026, 1, 1, tzinfo=UTC))
    assert as_admin.post("/settings/promise/", FORM | {"action": "keep"}).status_code == 302
    now = Promise.current()
    assert now.pk != before.pk
    assert now.made_by == admin
    assert now.first_reply == {"blocked": 30, "hindered": 120, "question": 90, "idea": 960}
    assert now.next_reply == dict.fromkeys(NEEDS, 240)
    assert now.weekly == [[[540, 750], [810, 1080]]] * 5 + [[], []]
    assert now.closed_days == [date(2026, 12, 24), date(2026, 12, 31)]
    assert (now.time_zone, now.holidays_of, now.words) == ("Europe/Berlin", "DE-BY", "Within a day.")
    assert Promise.current(now.applies_from - timedelta(seconds=1)) == before
    shown = as_admin.get("/settings/promise/").content.decode()
    assert "First reply, blocked: 1 h → 30 min" in shown
    assert "by Noor Karimi" in shown
    assert 'value="9:00–12:30, 13:30–18:00"' in shown


@pytest.mark.django_db
def test_previewing_keeps_nothing_and_says_what_it_would_mean(as_admin):
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_admin.post("/settings/promise/", FORM | {"action": "preview"}, headers=headers)
        assert answer.status_code == 200
        assert "What this would mean" in answer.content.decode()
    assert not Promise.objects.exists()


@pytest.mark.django_db
def test_it_can_apply_from_later_on_the_clock_of_its_own_zone(as_admin):
    as_admin.post("/settings/promise/", FORM | {"action": "keep", "applies_from": "2099-07-01T09:00"})
    assert Promise.objects.get().applies_from == datetime(2099, 7, 1, 7, tzinfo=UTC)
    assert Promise.current().pk is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first_blocked", "soon", "is no time. Write it like 4 h or 30 min."),
        ("day_0", "9 to", "is no opening time"),
        ("time_zone", "Mars/Olympus", "There is no time zone"),
        ("time_zone", "../../etc/passwd", "There is no time zone"),
        ("closed_days", "24.12.2026", "Write each closed day on a line of its own"),
        ("holidays_of", "XX", "These working hours cannot be used"),
        ("applies_from", "2020-01-01T00:00", "This has passed."),
        ("applies_from", "tomorrow", "This is not a day and a time"),
    ],
)
def test_what_cannot_be_promised_is_told_beside_it(as_admin, field, value, sentence):
    answer = as_admin.post("/settings/promise/", FORM | {"action": "keep", field: value})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Within a day." in answer.content.decode()
    assert not Promise.objects.exists()


@pytest.mark.django_db
def test_a_week_that_never_opens_is_refused(as_admin):
    closed = {f"day_{n}": "" for n in range(7)}
    answer = as_admin.post("/settings/promise/", FORM | closed | {"action": "keep"})
    assert answer.status_code == 422
    assert "never open" in answer.content.decode()


@pytest.mark.django_db
def test_a_desk_that_never_set_one_sees_what_it_promises(as_admin):
    shown = as_admin.get("/settings/promise/").content.decode()
    assert "Nobody has changed it yet" in shown
    assert 'value="1 h"' in shown
