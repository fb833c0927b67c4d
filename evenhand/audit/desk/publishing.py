"""When figures may be published anew: two statements side by side must say nothing of whoever came between them.

Whoever sees the desk knows which customers wrote since the last figures. If those were one, the figures that changed
would be about that one. So the figures stand until forty customers have written, and five at least of each group: then
each is one of many, whatever is subtracted. That they are looked at after every fortieth customer, and not when the
fifth of some group came, keeps the moment of publication from telling who that was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from evenhand.audit.chain import SIGNED
from evenhand.audit.records import Sealing
from evenhand.audit.tickets import Tickets

BATCH = 40  # customers
FEWEST_NEW = 5  # customers of each group
LATEST = sql.SQL("SELECT {}, figures::text AS figures FROM parity_statement ORDER BY id DESC LIMIT 1").format(
    sql.SQL(", ").join(sql.Identifier(name) for name in SIGNED if name != "figures")
)
MEASURED = "SELECT id, made_at FROM parity_statement WHERE id = (SELECT max(statement_id) FROM parity_leaf)"
CASES = "SELECT record::json ->> 'case' FROM parity_leaf WHERE statement_id = %s"


@dataclass(frozen=True)
class Newcomers:
    """Who wrote since the last figures: how many customers, and the fewest of one group."""

    customers: int
    of_a_group: int

    @classmethod
    def since(cls, known: Collection[str], tickets: Tickets, cases: Sequence[int], sealing: Sealing) -> Newcomers:
        """`known` are the keys of the cases that the last figures were computed from, under `sealing`."""
        new = np.array([sealing.key("case", case) not in known for case in cases], dtype=bool)
        fewest = [
            len(np.unique(tickets.customer[new & (column.codes == code)]))
            for column in tickets.groups.values()
            for code in np.flatnonzero(column.counts)
        ]
        return cls(len(np.unique(tickets.customer[new])), min(fewest, default=0))

    def may_be_seen(self, looked: int) -> bool:
        """Whether the figures may be published; `looked` is how many had come when that was asked last."""
        return self.customers // BATCH > looked // BATCH and self.of_a_group >= FEWEST_NEW


@dataclass(frozen=True)
class Last:
    """The last statement, and the keys of the cases that its figures were computed from."""

    statement: dict[str, Any]
    measured_at: datetime
    cases: frozenset[str]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> Last | None:
        measured = connection.execute(MEASURED).fetchone()
        with connection.cursor(row_factory=dict_row) as cursor:
            statement = cursor.execute(LATEST).fetchone()
        if measured is None or statement is None:
            return None
        pk, made_at = measured
        # Django's connections leave JSON as text, and others read it: asked for as text it is the same by both.
        statement["figures"] = json.loads(statement["figures"])
        return cls(statement, made_at, frozenset(case for (case,) in connection.execute(CASES, [pk])))

    def newcomers(self, tickets: Tickets, cases: Sequence[int], secret: bytes) -> Newcomers:
        sealing = Sealing(secret, self.measured_at.astimezone(UTC).isoformat())
        return Newcomers.since(self.cases, tickets, cases, sealing)

    @property
    def looked(self) -> int:
        return int(self.statement["figures"].get("stands", {}).get("new_customers", 0))

    def standing(self, newcomers: Newcomers, **now: Any) -> dict[str, Any]:
        """A statement of today that the last figures stand; `now` is what is said anew."""
        same = {name: self.statement[name] for name in SIGNED}
        moments = {name: same[name].astimezone(UTC).isoformat() for name in ("since", "until")}
        stands = {"since": self.measured_at.astimezone(UTC).isoformat(), "new_customers": newcomers.customers}
        return {**same, **moments, "figures": {**same["figures"], "stands": stands}, **now}
