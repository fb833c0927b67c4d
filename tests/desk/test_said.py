import pytest

from evenhand.web.desk import countdown
from evenhand.web.desk.said import said


@pytest.mark.parametrize(
    ("what", "who", "data", "words"),
    [
        ("closed", "Noor", {}, "Noor closed it"),
        ("reopened", "", {}, "Evenhand reopened it"),
        ("assigned", "Noor", {"to": "Tomas"}, "Noor handed this to Tomas"),
        ("assigned", "Noor", {"to": ""}, "Noor handed this to nobody in particular"),
        ("put back", "Noor", {"reason": "not mine"}, "Noor put it back in its place: not mine"),
        ("tagged", "Noor", {"added": ["a", "b"], "removed": ["c"]}, "Noor added #a #b and removed #c"),
        ("merged in", "Noor", {"number": 4}, "Noor merged #4 in"),
        ("not delivered", "", {"why": "No such user"}, "An answer was not delivered: No such user"),
        ("snoozed", "Noor", {}, "Noor snoozed it"),
        ("snoozed", "Noor", {"until": "never"}, "Noor snoozed it"),
    ],
)
def test_what_happened_in_words(what, who, data, words):
    assert said(what, who, data) == words


def test_a_snooze_is_told_in_the_desks_time_zone(monkeypatch):
    from evenhand.fairness.clock import WorkingHours

    monkeypatch.setattr(countdown, "hours", lambda: WorkingHours("Europe/Berlin", (((540, 1020),),) * 7))
    assert said("snoozed", "Noor", {"until": "2026-01-16T08:00:00+00:00"}) == "Noor snoozed it until Fri 16 Jan, 09:00"
