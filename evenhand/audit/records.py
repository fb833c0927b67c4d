"""The records behind a statement: what was measured, rounded as published, with the group sealed until it is opened.

A record holds the times and answers of one wait, a random key for the case and one for its customer, and a commitment
to its groups. The audit measures the *rounded* records, so whoever has them and their openings can recompute it.
"""

from __future__ import annotations

import hmac
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from .tickets import Duration, Labels, Share, Tickets

KEYS = ("case", "customer", "sealed")  # of a record, random to whoever reads it
HOURS = 1  # decimals of a duration: six minutes
Sealed = dict[str, Any]


def canonical(value: object) -> str:
    """JSON with one spelling: sorted keys, no spaces, so that equal records hash alike."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def rounded(tickets: Tickets) -> Tickets:
    """The tickets as they are published: durations to six minutes (never zero), the opening to the hour."""
    durations = [
        Duration(d.name, np.maximum(np.round(d.hours, HOURS), 10**-HOURS), d.ended, d.promise, d.tau)
        for d in tickets.durations
    ]
    opened = None if tickets.opened is None else np.floor(tickets.opened)
    return Tickets(
        tickets.customer, opened, tickets.groups, {}, tickets.strata, tickets.places, durations, tickets.shares
    )


@dataclass(frozen=True)
class Sealing:
    """Keys for one statement, from the audit's blinding secret: another statement has other keys for the same case."""

    secret: bytes
    statement: str

    def key(self, what: str, number: int) -> str:
        said = f"{self.statement}/{what}/{number}".encode()
        return hmac.new(self.secret, said, sha256).hexdigest()[:32]


def records_of(tickets: Tickets, cases: Sequence[int], accounts: Sequence[int], sealing: Sealing) -> list[str]:
    """One canonical record for each (rounded) ticket."""
    openings = openings_of(tickets, cases, sealing)
    parts = _parts(tickets)
    return [
        canonical(
            {
                "case": sealing.key("case", cases[k]),
                "customer": sealing.key("customer", accounts[k]),
                "sealed": commitment(openings[k]),
                **{name: value for name, of in parts.items() if (value := of(k)) is not None},
            }
        )
        for k in range(len(tickets))
    ]


def told_apart(records: Sequence[str]) -> int:
    """How many records are like no other in what somebody who was there knows of them: when, what about, how long.

    Rounding does not save them. On a desk of thirty conversations a day nearly all are unique, and were the opening rounded
    to the day and waits to the hour, four customers in five would still have one that is, which leads to all of theirs.
    """
    seen = Counter(
        canonical({name: value for name, value in json.loads(each).items() if name not in KEYS}) for each in records
    )
    return sum(count == 1 for count in seen.values())


def openings_of(tickets: Tickets, cases: Sequence[int], sealing: Sealing) -> list[Sealed]:
    """What opens each record's seal: the groups, and a nonce without which they cannot be guessed and tried."""
    return [
        {
            "nonce": sealing.key("nonce", cases[k]),
            "groups": {by: _name(column, k) for by, column in tickets.groups.items()},
        }
        for k in range(len(tickets))
    ]


def commitment(opening: Sealed) -> str:
    return sha256(canonical(opening).encode()).hexdigest()


def _name(column: Labels, k: int) -> str | None:
    code = int(column.codes[k])
    return column.names[code] if code >= 0 else None


def _parts(tickets: Tickets) -> dict[str, Callable[[int], object]]:
    opened = tickets.opened
    return {
        "opened": lambda k: None if opened is None or math.isnan(opened[k]) else int(opened[k]),
        "strata": lambda k: {name: _name(column, k) for name, column in tickets.strata.items()},
        "hours": lambda k: {
            d.name: [float(d.hours[k]), bool(d.ended[k])] for d in tickets.durations if not math.isnan(d.hours[k])
        },
        "answers": lambda k: {s.name: int(s.yes[k]) for s in tickets.shares if not math.isnan(s.yes[k])},
    }


def tickets_from(records: Sequence[str], openings: Sequence[Sealed], taus: dict[str, float]) -> Tickets:
    """The tickets that published records and their openings describe; `taus` are the statement's, in hours."""
    rows = [json.loads(record) for record in records]

    def labels(values: list[str | None]) -> Labels:
        return Labels.of([value or "" for value in values])

    def durations(name: str) -> Duration:
        pairs = [row["hours"].get(name, (math.nan, False)) for row in rows]
        return Duration(
            name, np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs], dtype=bool), None, taus[name]
        )

    def share(name: str) -> Share:
        return Share(name, np.array([row["answers"].get(name, math.nan) for row in rows], dtype=float))

    return Tickets(
        customer=np.unique([row["customer"] for row in rows], return_inverse=True)[1],
        opened=np.array([row.get("opened", math.nan) for row in rows], dtype=float),
        groups={by: labels([o["groups"][by] for o in openings]) for by in _keys(o["groups"] for o in openings)},
        strata={name: labels([row["strata"][name] for row in rows]) for name in _keys(row["strata"] for row in rows)},
        durations=[durations(name) for name in taus],
        shares=[share(name) for name in _keys(row["answers"] for row in rows)],
    )


def _keys(mappings: Any) -> list[str]:
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))
