"""The public page, the badge and what machines read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from .conftest import EMPTY, NOW, compared, row

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_the_first_statement_nothing_is_claimed(client):
    page = client.get("/pledge/").content.decode()
    assert "Grey: not measured yet" in page
    assert "Nothing is measured yet" in page
    assert client.get("/pledge/statements.json").json() == {"statements": []}
    assert client.get("/pledge/figures.csv").content.decode().count("\n") == 1


def test_the_page_says_what_was_found(client, stated, at_noon):
    stated()
    page = client.get("/pledge/").content.decode()
    for said in (
        "Green",
        "Parity shown",
        "Studio",
        "2 % longer",
        "0.94 to 1.10",
        "Too few to publish",
        "812 pairs",
    ):
        assert said in page, said
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("said", "words"),
    [({}, "shown, 1 Jun 2026"), ({"light": "red"}, "not shown"), ({"verdict": "not enough evidence"}, "not shown"),
     ({"made_at": NOW - timedelta(days=9)}, "out of date")],
)  # fmt: skip
def test_the_badge_is_green_while_parity_is_shown(client, stated, at_noon, said, words):
    stated(**said)
    badge = client.get("/pledge/badge.svg")
    assert words in badge.content.decode()
    assert ("#0a6150" in badge.content.decode()) == (not said)


def test_the_badge_turns_grey_by_itself(client, stated, monkeypatch):
    stated()
    for days, colour in ((7, "#0a6150"), (9, "#6b6b6b")):
        monkeypatch.setattr(timezone, "now", lambda days=days: NOW + timedelta(days=days))
        assert colour in client.get("/pledge/badge.svg").content.decode()
    assert "Grey: out of date" in client.get("/pledge/").content.decode()


def test_the_badge_knows_no_cookie(client, stated):
    stated()
    badge = client.get("/pledge/badge.svg", headers={"Cookie": f"sessionid={'a' * 32}"})
    assert not badge.cookies
    assert "Vary" not in badge.headers
    assert badge["Cache-Control"] == "public, max-age=600"
    assert badge["Content-Type"].startswith("image/svg+xml")


def test_a_cell_is_never_a_formula(client, stated):
    evil = {
        **EMPTY,
        "metrics": [
            row("=1+1", compared(0.97, 0.9, 1.05)),
            row("\t@sum", compared(0.9, 0.8, 1)),
            row(" -2", compared(1, 1, 1)),
        ],
    }
    stated(figures=evil)
    import csv
    import io

    lines = list(csv.reader(io.StringIO(client.get("/pledge/figures.csv").content.decode(), newline="")))
    groups = {line[4] for line in lines[1:]}
    assert {"'=1+1", "'\t@sum", "' -2"} <= groups
    assert {line[1] for line in lines[1:]} == {
        "statement",
        "metrics",
        "by_accident",
        "where",
        "sent",
        "leaks",
        "monitor",
    }
    assert not any(word.startswith(("=", "+", "@", "\t")) for line in lines for word in line)


def test_figures_of_an_older_statement(client, stated):
    first, _ = stated(), stated(made_at=NOW + timedelta(days=1))
    assert NOW.isoformat() in client.get(f"/pledge/figures.csv?statement={first.pk}").content.decode()
    for wrong in ("0", "x", "9" * 40, "²"):
        assert client.get("/pledge/figures.csv", {"statement": wrong}).status_code == 404


@pytest.mark.parametrize("dark", [False, True])
def test_everyone_can_read_it(visit, stated, dark):
    stated(made_at=timezone.now())
    from tests.browser import PHONE, axe

    page = visit(None, "/pledge/", dark=dark)
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []
