"""Moments, durations, status words and headers as people's programs write them."""

import math

import numpy as np
import pytest

from evenhand.audit.export import table
from evenhand.audit.export.amounts import amounts_in
from evenhand.audit.export.fields import guessed, parsed, place_of, places_of
from evenhand.audit.export.moments import DateOrder, moments
from evenhand.audit.export.spans import is_duration, spans, unit_in
from evenhand.audit.export.words import meaning, ratings, yes_or_no
from evenhand.audit.tickets import Labels

MIDNIGHT = 1772582400.0  # the midnight with which 4 March 2026 begins


def read(*texts, order=None):
    learned = DateOrder(order)
    learned.learn(iter(texts))
    return moments(list(texts), learned)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-03-04", 0), ("20260304", 0), ("2026/03/04 06:30", 6.5), ("2026-03-04T06:30:00+02:00", 4.5),
        ("2026-03-04 06:30:00.500", 6.5 + 0.5 / 3600), ("2026-03-04 06:30:00 UTC", 6.5), ("2026-03-04 06:30 +0200", 4.5),
        ("4.3.2026 6:30", 6.5), ("04/03/26 06:30", 6.5), ("4 Mar 2026 6:30 PM", 18.5), ("Mar 4, 2026 12:15 am", 0.25),
        ("Wednesday, March 4, 2026 6:30", 6.5), ("4-MAR-2026", 0), (str(int(MIDNIGHT)), 0), (f"{MIDNIGHT * 1000:.0f}", 0),
        ("46085.5", 12), ("260304 6:30:00", 6.5), ("20260304 6:30", 6.5), ("04/Mar/26 06:30 AM", 6.5),
        ("2026-03-04 06:30 EST", 11.5), ("4 Mar 2026 6:30 pm PDT", 25.5), ("2026-03-04 06:30:00 CET", 5.5),
        ("2026-03-04 06:30:00 +0000 UTC", 6.5), ("Wed Mar 04 2026 06:30:00 GMT-0100 (Azores Time)", 7.5),
        ("March 4, 2026 at 6:30 AM", 6.5),
    ],
)  # fmt: skip
def test_moments(text, hours):
    assert read(text, order="dmy").seconds[0] == pytest.approx(MIDNIGHT + hours * 3600, abs=1e-3)


@pytest.mark.parametrize("text", ["", "N/A", "null", "-", "NaT"])
def test_nothing_is_not_unreadable(text):
    seen = read(text)
    assert math.isnan(seen.seconds[0])
    assert not seen.unreadable[0]


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-13-45", "31/31/2026", "0001-01-01", "2026-03-04 25:99", "1e400", "12", "2026-03-04 06:30 XYZ"],
)
def test_nonsense_is_unreadable(text):
    assert read(text).unreadable[0]


def test_one_date_settles_the_order_of_the_whole_file():
    assert read("04/03/2026", "25/12/2026").seconds[0] == MIDNIGHT
    assert read("03/04/2026", "12/25/2026").seconds[0] == MIDNIGHT
    assert read("03/04/2026", order="mdy").seconds[0] == MIDNIGHT


def test_an_open_order_is_said():
    order = DateOrder()
    order.learn(iter(["03/04/2026"]))
    assert "--dates" in (order.note or "")
    order.learn(iter(["25/04/2026"]))
    assert order.note is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 5400), ("1,5", 90), ("1:30:00", 5400), ("26:15", 94500), ("2 days 03:00:00", 183600), ("1d 2h 3m 4s", 93784),
     ("PT1H30M", 5400), ("P1DT1H", 90000), ("45 minutes", 2700), ("-5", -300)],
)  # fmt: skip
def test_spans(text, seconds):
    assert spans([text], "minutes").seconds[0] == pytest.approx(seconds)
    assert is_duration(text)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["$5,027", "50"], [5027, 50]),
        (["1,234,567.50"], [1234567.5]),
        (["1.234,50", "12,5", "1.234"], [1234.5, 12.5, 1234]),
        (["12,50", "0,25"], [12.5, 0.25]),
        (["1,234", "0,250"], [1.234, 0.25]),  # the second says what commas are here
        (["1.234", "12.5"], [1.234, 12.5]),
        (["1'234.50", "1 234", "1\u202f234,5 EUR", "USD 99", "€0"], [1234.5, 1234, 1234.5, 99, 0]),
        (["49/month", "-3"], [49, -3]),
        (["free", "12 monkeys", "1,2,3", "", "n/a"], [None] * 5),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(texts, values):
    read = amounts_in(texts)
    assert [None if value != value else value for value in read.seconds] == values
    assert list(read.unreadable) == [
        value is None and text not in ("", "n/a") for text, value in zip(texts, values, strict=True)
    ]


def test_thousands_in_a_column_of_durations():
    assert list(spans(["1,234", "90"], "minutes").seconds) == [74040, 5400]
    assert list(spans(["1,25", "90"], "minutes").seconds) == [75, 5400]


def test_a_moment_is_no_duration():
    assert not is_duration("2026-03-04 06:30")
    assert not is_duration(str(int(MIDNIGHT)))
    assert spans(["later"], "hours").unreadable[0]
    assert not spans(["n/a"], "hours").unreadable[0]


@pytest.mark.parametrize(
    ("header", "unit"),
    [("first_reply_minutes", "minutes"), ("Resolution time (h)", "hours"), ("firstReplyMins", "minutes"), ("wait in days", "days"),
     ("first reply", None), ("answered", None), ("Time to resolve [s]", "seconds"), ("status", None), ("Antwort (Std)", "hours"), ("Dauer in Minuten", "minutes"),
     ("First response time (in hrs)", "hours")],
)  # fmt: skip
def test_units_in_headers(header, unit):
    assert unit_in(header) == unit


@pytest.mark.parametrize(
    ("word", "says"),
    [("Abandoned", "abandoned"), ("caller_hung_up", "abandoned"), ("HANG", "abandoned"), ("unanswered", "abandoned"),
     ("answered", "closed"), ("AGENT", "closed"), ("Closed - duplicate", "merged"), ("spam", "removed"), ("On-hold", "open"),
     ("Reopened", "open"), ("unresolved", "open"), ("Solved", "closed"), ("purple", None)],
)  # fmt: skip
def test_status_words(word, says):
    assert meaning(word) == says


def test_yes_no_and_ratings():
    assert yes_or_no(Labels.of(["Yes", "0", "3", "maybe", ""])).tolist()[:3] == [1.0, 0.0, 1.0]
    assert np.isnan(yes_or_no(Labels.of(["maybe", ""]))).all()
    assert ratings(Labels.of(["5", "4/5", "3", "Good", "bad", ""])).tolist()[:5] == [1, 1, 0, 1, 0]


def test_labels_fold_spelling_and_show_the_commonest():
    column = Labels.of(["Pro", "pro ", "PRO", "Pro", "free  plan", "Free plan", "free  plan", ""])
    assert column.names == ["Pro", "free plan"]
    assert column.codes.tolist() == [0, 0, 0, 0, 1, 1, 1, -1]


def test_a_moment_may_be_in_two_columns():
    header = ["Date", "Time", "A+B"]
    assert places_of("date+time", header) == [0, 1]
    assert places_of("A+B", header) == [2]
    assert places_of("Date+Hour", header) == []


def test_maps_and_headers():
    assert parsed(["plan=Tier, of old,customer=Account", "opened = Created at"]) == {
        "plan": "Tier, of old", "customer": "Account", "opened": "Created at"
    }  # fmt: skip
    header = ["ID", "Created At", "Created At", "Service Level", "x"]
    assert place_of("created_at", header) == 1
    assert place_of("nothing", header) is None
    assert guessed(header, {"plan": "x"}) == {"id": "ID", "opened": "Created At"}
    zendesk = [
        "Id",
        "Requester organization",
        "Plan [txt]",
        "First reply time in minutes",
        "Full resolution time in hours",
    ]
    assert guessed(zendesk, {}) == {
        "id": "Id", "customer": "Requester organization", "plan": "Plan [txt]", "first_reply": "First reply time in minutes",
        "resolved": "Full resolution time in hours",
    }  # fmt: skip
    xes = ["case:concept:name", "concept:name", "time:timestamp", "case:tier"]
    assert guessed(xes, {}) == {"case": xes[0], "activity": xes[1], "time": xes[2], "plan": xes[3]}


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (
            "Ticket ID,Created time,Resolved time,First response time (in hrs),Company,Plan,Source,Type,Group",
            {"id": 0, "opened": 1, "resolved": 2, "first_reply": 3, "customer": 4, "plan": 5, "channel": 6, "type": 7, "team": 8},
        ),
        (
            "Conversation ID,Conversation started at (America/New_York),First teammate reply at,Conversation closed at,User email,"
            "Company plan,Conversation rating",
            {"id": 0, "opened": 1, "first_reply": 2, "resolved": 3, "customer": 4, "plan": 5, "rating": 6},
        ),
        (
            "Issue key,Issue Type,Created,Resolved,Time to first response,Custom field (Organizations),Custom field (Plan),Status",
            {"id": 0, "type": 1, "opened": 2, "resolved": 3, "first_reply": 4, "customer": 5, "plan": 6, "status": 7},
        ),
        (
            "Number,Status,Customer Email,Customer,Created At (UTC),First Response Time,Closed At (UTC),Plan",
            {"id": 0, "status": 1, "customer": 3, "opened": 4, "first_reply": 5, "resolved": 6, "plan": 7},
        ),
        (
            "Ticket ID,Ticket channel,Ticket organization name,Ticket created - Timestamp,First reply time (min),"
            "Ticket solved - Timestamp,Organization tier [list]",
            {"id": 0, "channel": 1, "customer": 2, "opened": 3, "first_reply": 4, "resolved": 5, "plan": 6},
        ),
    ],
)  # fmt: skip
def test_headers_of_the_desks_there_are(header, taken):
    names = header.split(",")
    assert guessed(names, {}) == {word: names[place] for word, place in taken.items()}


@pytest.mark.parametrize("broken", ["", "one,more,than,there,should,be\n", "\xff\n"])
@pytest.mark.parametrize("begun", ["", "sep=,\n"])
def test_a_large_file_is_read_the_same_by_either_reader(tmp_path, monkeypatch, broken, begun):
    path = tmp_path / "large.csv"
    rows = "".join(
        f'{k % 3},"a ""quoted"" name, with\na line",2026-01-0{1 + k % 9}, 10:0{k % 10}\n' for k in range(500)
    )
    path.write_bytes(
        f"{begun}plan,customer,day,hour\n{rows}{broken}0,Zoë,,\n".encode("utf-8" if broken != "\xff\n" else "latin-1")
    )
    wanted = {"opened": [2, 3]}, {"plan": 0, "customer": 1}
    patient = table.read(path, *wanted)
    monkeypatch.setattr(table, "LARGE", 10)
    fast = table.read(path, *wanted)
    assert patient.rows == 501 + (broken.startswith("one") or broken == "\xff\n")
    assert (fast.texts, fast.rows, fast.broken) == (patient.texts, patient.rows, patient.broken)
    for name in ("plan", "customer"):
        assert fast.words[name].spellings == patient.words[name].spellings
        assert fast.words[name].codes.tolist() == patient.words[name].codes.tolist()
