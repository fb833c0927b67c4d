"""Taking in rows of facts: find or welcome whose they are, put them in the slot, and forget them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from evenhand.ledger import slot
from evenhand.ledger.sheet import Bad, Row

from .whose import Keys


class Nothing(Exception):
    """Rolls back what was taken when all was wanted or nothing."""


@dataclass
class Taking:
    """One sheet on its way in. `place` is what a row's number counts: lines of a file, rows of a request."""

    source: str
    place: str = "line"
    all_or_nothing: bool = False
    welcome: bool = True  # whoever is not known yet; else their rows are bad
    taken: int = 0
    bad: list[Bad] = field(default_factory=list)
    new: list[Bad] = field(default_factory=list)  # rows of customers nobody knew, and that they were added

    def take_in(self, rows: Iterable[Row | Bad]) -> None:
        """Take the good rows, in one transaction. Raises what reading `rows` raises."""
        rows = list(rows)
        self.bad = [row for row in rows if isinstance(row, Bad)]
        try:
            with transaction.atomic():
                facts = self._facts([row for row in rows if isinstance(row, Row)])
                if self.bad and self.all_or_nothing:
                    raise Nothing
                slot.put_all(facts)
            self.taken = len(facts)
        except Nothing:
            self.new = []
        self.bad.sort()

    def _facts(self, rows: list[Row]) -> list[slot.Fact]:
        keys = Keys((row.customer for row in rows), welcome=self.welcome)
        facts: dict[tuple[UUID, date], tuple[int, slot.Fact]] = {}
        for row in rows:
            known = len(keys.added)
            try:
                key = keys.of(row.customer, row.organisation)
            except ValueError as error:
                self.bad.append(Bad(row.line, str(error)))
                continue
            if len(keys.added) > known:
                self.new.append(Bad(row.line, f"{keys.added[-1]!r} is new here, and was added"))
            if (key, row.as_of) in facts:
                first = facts[key, row.as_of][0]
                self.bad.append(Bad(row.line, f"is about the same customer and day as {self.place} {first}"))
                continue
            fact = slot.Fact(key, row.as_of, row.plan, row.monthly_spend, row.seats, row.usage, self.source)
            facts[key, row.as_of] = (row.line, fact)
        return [fact for _, fact in facts.values()]
