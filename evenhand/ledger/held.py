"""What held on a day, of all that was ever said of one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .slot import NO_PLAN

Value = str | int | Decimal | None


class Said(NamedTuple):
    """One fact as it was put in."""

    part: str
    as_of: date
    plan: str
    monthly_spend: Decimal | None
    seats: int | None
    usage: Decimal | None


class Held(NamedTuple):
    plan: str
    monthly_spend: float | None
    seats: int | None
    usage: float | None


class _Word(NamedTuple):
    """What a field says, and since when."""

    since: date
    value: Value


def held(said: Sequence[Said], day: date) -> Held:
    """What held on `day`; `said` in the order in which it came to hold, not empty.

    That is the latest of that day or before, else the first there is, so that a customer whose first invoice comes late
    is not left out. A field that a fact leaves empty keeps what it was. Parts are summed, and stand beside what is said
    of the whole: of the two the later word holds.
    """
    known = [each for each in said if each.as_of <= day] or [each for each in said if each.as_of == said[0].as_of]
    parts: dict[str, dict[str, _Word]] = {}
    for each in known:
        parts.setdefault(each.part, {}).update(
            (name, _Word(each.as_of, value))
            for name in Held._fields
            if (value := getattr(each, name)) not in (None, "")
        )
    whole = parts.pop("", {})
    return Held(
        str(_later(whole, parts, "plan") or ""),
        _float(_later(whole, parts, "monthly_spend")),
        _int(_later(whole, parts, "seats")),
        _float(_later(whole, parts, "usage")),
    )


def _later(whole: dict[str, _Word], parts: dict[str, dict[str, _Word]], field: str) -> Value:
    """The whole's word for a field, or that of the parts together where it is later."""
    words = [words[field] for words in parts.values() if field in words]
    if field in whole and (not words or whole[field].since >= max(word.since for word in words)):
        return whole[field].value
    values = [word.value for word in words]
    if field == "plan":
        return _plans({str(value) for value in values})
    return sum(values) if values else None  # type: ignore[arg-type]  # numbers, all but the plan


def _plans(names: set[str]) -> str:
    return " + ".join(sorted(names - {NO_PLAN})) or (NO_PLAN if names else "")


def _float(value: Value) -> float | None:
    return None if value is None else float(value)


def _int(value: Value) -> int | None:
    return None if value is None else int(value)
