"""Reading the ledger. Open to the audit alone, by import contract and by PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from .held import Said, held
from .named import Span, Word, spans

Names = list[tuple[UUID, Span]]

# A word that names whom the one before it named, of a later day, changes nothing; billing repeats itself with every event.
NAMED = """
    SELECT other, key, as_of FROM (
        SELECT *, lag(key) OVER said AS key_before, lag(as_of) OVER said AS as_of_before FROM ledger.alias
        WHERE other IN (SELECT other FROM ledger.alias WHERE key = ANY(%(keys)s))
        WINDOW said AS (PARTITION BY other ORDER BY said_at, id)
    ) AS word
    WHERE key IS DISTINCT FROM key_before OR as_of < as_of_before
    ORDER BY other, said_at, id
"""
SAID = """
    SELECT key, part, as_of, plan, monthly_spend, seats, usage FROM ledger.fact WHERE key = ANY(%(keys)s)
    ORDER BY as_of, said_at, id
"""
NOBODYS = """
    SELECT count(DISTINCT fact.key) FROM ledger.fact AS fact
    WHERE fact.part <> '' AND NOT EXISTS (SELECT FROM ledger.alias WHERE alias.other = fact.key)
"""


class Known(NamedTuple):
    key: UUID
    day: date
    plan: str
    monthly_spend: float | None
    seats: int | None
    usage: float | None


def as_of(connection: psycopg.Connection, asked: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], Known]:
    """The facts that held for each (key, day), with the audit's own connection."""
    asked = set(asked)
    names = _names(connection, {key for key, _ in asked})
    said = _said(connection, names)
    found = {}
    for key, day in asked:
        if facts := _of_day(key, day, names[key], said.get(key, [])):
            found[key, day] = Known(key, day, *held(facts, day))
    return found


def _names(connection: psycopg.Connection, keys: set[UUID]) -> dict[UUID, Names]:
    """The names that billing has, or had, for each account."""
    found: dict[UUID, Names] = {key: [] for key in keys}
    rows = connection.execute(NAMED, {"keys": list(keys)})
    for other, words in groupby(rows, key=itemgetter(0)):
        for span in spans(Word(key, since) for _, key, since in words):
            if span.key in found:
                found[span.key].append((other, span))
    return found


def _said(connection: psycopg.Connection, names: dict[UUID, Names]) -> dict[UUID, list[tuple[UUID, Said]]]:
    """All that was ever said of each account, in the order in which it came to hold: (under which key, what)."""
    whose: dict[UUID, set[UUID]] = {key: {key} for key in names}
    for key, several in names.items():
        for other, _ in several:
            whose.setdefault(other, set()).add(key)
    found: dict[UUID, list[tuple[UUID, Said]]] = {}
    for under, *row in connection.execute(SAID, {"keys": list(whose)}):
        for key in whose[under]:
            found.setdefault(key, []).append((under, Said(*row)))
    return found


def _of_day(key: UUID, day: date, names: Names, said: list[tuple[UUID, Said]]) -> list[Said]:
    """What was said of the account itself, and under the names it had that day. Where that is nothing, and it got its first
    name later, under that: what somebody asked before they were brought into an organisation goes with them."""
    under = {key, *(other for other, span in names if span.since <= day <= span.until)}
    first = min((span.since for _, span in names), default=date.min)
    if day < first and not any(each in under for each, _ in said):
        under = {other for other, span in names if span.since == first}
    return [fact for each, fact in said if each in under]


def nobodys(connection: psycopg.Connection) -> int:
    """Of how many of billing's customers the ledger has facts without having been told who they are."""
    row: Any = connection.execute(NOBODYS).fetchone()
    return int(row[0])
