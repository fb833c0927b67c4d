"""A sheet of facts: what is taken, and what is said of the rest, with the line it stands in."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ledger.sheet import Bad, NotASheet, Row, read

HEAD = "customer,organisation,plan,monthly_spend,seats,usage,as_of\n"


def rows(text: str) -> list[Row | Bad]:
    return list(read(io.StringIO(text)))


def test_a_full_row() -> None:
    assert rows(HEAD + " Ada@X.example ,X Ltd,gold,1234.5,3,99.999,2026-01-31\n") == [
        Row(2, "ada@x.example", "X Ltd", date(2026, 1, 31), "gold", Decimal("1234.50"), 3, Decimal("100.00"))
    ]


@pytest.mark.parametrize("head", ["email,plan", "Customer;Plan", "organization\tplan", "company,monthly spend,plan"])
def test_heads_as_others_write_them(head: str) -> None:
    delimiter = next(each for each in ",;\t" if each in head)
    [row] = rows(f"{head}\n" + delimiter.join(["x"] + ["1"] * (head.count(delimiter))) + "\n")
    assert isinstance(row, Row)
    assert "x" in (row.customer, row.organisation)


def test_without_a_day_it_is_today() -> None:
    [row] = rows("customer,plan\na@x.example,gold\n")
    assert isinstance(row, Row)
    assert row.as_of == datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,gold,1,1,1,2026-01-01", "names neither a customer nor an organisation"),
        ("a@x.example,,,,,,2026-01-01", "says nothing"),
        ("a@x.example,,gold,12.5.1,,,", "monthly_spend '12.5.1' is not a number such as 1234.50"),
        ("a@x.example,,gold,-1,,,", "monthly_spend '-1' is less than nothing"),
        ("a@x.example,,gold,NaN,,,", "monthly_spend 'NaN'"),
        ("a@x.example,,gold,1e9,,,", "monthly_spend '1e9'"),
        ("a@x.example,,gold,9999999999999,,,", "monthly_spend"),
        ("a@x.example,,gold,1,2.5,,", "seats '2.5' is not a whole number"),
        ("a@x.example,,gold,1,٣,,", "seats '٣' is not a whole number"),
        ("a@x.example,,gold,1,1,,31.01.2026", "as_of '31.01.2026' is not a day such as 2026-01-31"),
        (f"a@x.example,,gold,1,1,,{datetime.now(UTC).date() + timedelta(days=9)}", "lies in the future"),
        ("a@x.example,,gold,1,1,1,2026-01-01,more", "has more cells than the first line"),
        ("a@x.example,," + "g" * 201 + ",1,1,1,", "plan is longer than 200"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(line: str, reason: str) -> None:
    good = "b@x.example,,gold,1,1,1,2026-01-01\n"
    first, bad, last = rows(HEAD + good + line + "\n" + good)
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert isinstance(bad, Bad)
    assert bad.line == 3
    assert reason in bad.reason


def test_empty_lines_do_not_shift_the_count() -> None:
    assert [row.line for row in rows(HEAD + "\n\na@x.example,,gold,,,,\n")] == [4]


@pytest.mark.parametrize(
    "text", ["", "\n", "name,price\nx,1\n", "customer\nx\n", "customer,customer,plan\n", 'customer,plan\n"a\n', "\0\n"]
)
def test_what_is_no_sheet_at_all(text: str) -> None:
    with pytest.raises(NotASheet):
        rows(text)


@given(st.binary(max_size=300))
def test_nothing_else_comes_out_of_any_file(content: bytes) -> None:
    file = io.TextIOWrapper(io.BytesIO(HEAD.encode() + content), encoding="utf-8-sig", newline="")
    with suppress(NotASheet):
        for row in read(file):
            assert isinstance(row, Row | Bad)
