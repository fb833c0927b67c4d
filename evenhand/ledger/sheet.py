"""A sheet of facts as billing exports it: rows of a CSV, checked before any of them is taken."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

OTHER_NAMES = {"email": "customer", "organization": "organisation", "company": "organisation", "spend": "monthly_spend"}
WHOSE, WHAT = ("customer", "organisation"), ("plan", "monthly_spend", "seats", "usage")
NUMBER = re.compile(r"\d{1,12}(\.\d{1,2})?|\d{1,12}\.\d+", re.ASCII)
COUNT = re.compile(r"\d{1,9}", re.ASCII)
PLAN_LENGTH = 200
MORE = "\0more"


class NotASheet(Exception):
    """The file cannot be read as a sheet of facts at all."""


class Row(NamedTuple):
    line: int
    customer: str
    organisation: str
    as_of: date
    plan: str
    monthly_spend: Decimal | None
    seats: int | None
    usage: Decimal | None


class Bad(NamedTuple):
    line: int
    reason: str


def read(lines: Iterable[str]) -> Iterator[Row | Bad]:
    """The rows, each checked, in order. Raises NotASheet, which may also come late in the file."""
    try:
        reader = _reader(iter(lines))
        for cells in reader:
            try:
                yield row(reader.line_num + 1, cells)  # the first line was read before
            except ValueError as error:
                yield Bad(reader.line_num + 1, str(error))
    except UnicodeDecodeError as error:
        raise NotASheet("This is not UTF-8 text. Export it as CSV with UTF-8.") from error
    except csv.Error as error:
        raise NotASheet(f"This is not a CSV: {error}.") from error


def _reader(lines: Iterator[str]) -> csv.DictReader[str]:
    head = next(lines, "")
    delimiter = max(",;\t", key=head.count)
    names = [_name(each) for each in next(csv.reader([head], delimiter=delimiter), [])]
    if not set(WHOSE) & set(names) or not set(WHAT) & set(names):
        raise NotASheet(f"The first line must name {' or '.join(WHOSE)}, and one of {', '.join(WHAT)}.")
    if len(set(names)) < len(names):
        raise NotASheet("The first line names a column twice.")
    return csv.DictReader(lines, names, restkey=MORE, delimiter=delimiter, strict=True)


def _name(written: str) -> str:
    plain = written.strip().lower().replace(" ", "_")
    return OTHER_NAMES.get(plain, plain)


def row(line: int, cells: Mapping[str, str]) -> Row:
    """One row, checked, from the words in its cells. Raises ValueError with what is wrong."""
    if MORE in cells:
        raise ValueError("has more cells than the first line")
    given = {name: (value or "").strip() for name, value in cells.items()}
    if unprintable := [name for name, value in given.items() if not value.isprintable()]:
        raise ValueError(f"{unprintable[0]} holds unprintable characters")
    made = Row(
        line,
        given.get("customer", "").lower(),
        given.get("organisation", ""),
        _day(given.get("as_of", "")),
        _plan(given.get("plan", "")),
        _number(given, "monthly_spend"),
        _count(given.get("seats", "")),
        _number(given, "usage"),
    )
    if not made.customer and not made.organisation:
        raise ValueError("names neither a customer nor an organisation")
    if not made.plan and {made.monthly_spend, made.seats, made.usage} == {None}:
        raise ValueError("says nothing: plan, monthly_spend, seats and usage are empty")
    return made


def _plan(written: str) -> str:
    if len(written) > PLAN_LENGTH:
        raise ValueError(f"plan is longer than {PLAN_LENGTH} characters")
    return written


def _day(written: str) -> date:
    today = datetime.now(UTC).date()
    try:
        day = date.fromisoformat(written) if written else today
    except ValueError:
        raise ValueError(f"as_of {written!r} is not a day such as 2026-01-31") from None
    if day > today + timedelta(days=1):
        raise ValueError(f"as_of {written} lies in the future")
    return day


def _number(given: dict[str, str], name: str) -> Decimal | None:
    written = given.get(name, "")
    if written.startswith("-") and NUMBER.fullmatch(written[1:]):
        raise ValueError(f"{name} {written!r} is less than nothing")
    if written and not NUMBER.fullmatch(written):
        raise ValueError(f"{name} {written!r} is not a number such as 1234.50")
    return round(Decimal(written), 2) if written else None


def _count(written: str) -> int | None:
    if written and not COUNT.fullmatch(written):
        raise ValueError(f"seats {written!r} is not a whole number")
    return int(written) if written else None
