"""What one audit measured, and the statement that it makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import psycopg

from evenhand.audit import figures
from evenhand.audit.procedure import Audit, audit, trends
from evenhand.audit.records import Sealing, openings_of, records_of, rounded
from evenhand.audit.sendings import sendings
from evenhand.audit.settings import METHOD, Settings
from evenhand.audit.strata import stratum_of
from evenhand.audit.tickets import Tickets
from evenhand.fairness.bands import Trend
from evenhand.fairness.durations import Floats
from evenhand.ledger import facts
from evenhand.promise.models import Promise

from .columns import NEW_FOR_DAYS, Columns
from .features import features
from .few import gathered
from .leaks import leaks
from .publishing import BATCH, FEWEST_NEW
from .waits import History, Wait

QUARTER = timedelta(days=90).total_seconds()
Known = dict[tuple[UUID, date], facts.Known]


class NothingToSay(Exception):
    """There is nothing to measure yet; the message says what is missing."""


@dataclass(frozen=True)
class Measured:
    history: History
    known: Known
    columns: Columns
    tickets: Tickets  # rounded as published, small groups taken together
    amounts: dict[str, Floats]  # what was spent and used, for the trend; no part of the records
    few: list[str]  # what is said of small groups
    found: Audit

    @classmethod
    def of(cls, connection: psycopg.Connection, history: History, promise: Promise) -> Measured:
        """Raises NothingToSay."""
        if not history.waits:
            raise NothingToSay("Nobody has written in the last ninety days, so there is nothing to measure.")
        known = facts.as_of(connection, ((wait.key, wait.opened_at.date()) for wait in history.waits))
        if not known:
            raise NothingToSay(
                "The ledger knows no plan of anyone who wrote. Import one: evenhand ledger import FILE.csv"
            )
        columns = Columns(history, promise.hours, max(promise.first_reply.values()) / 60)
        exact = columns.tickets(lambda wait: known.get((wait.key, wait.opened_at.date())))
        tickets, few = gathered(rounded(exact))
        try:
            return cls(
                history,
                known,
                columns,
                tickets,
                exact.amounts,
                few,
                audit(tickets, Settings(alarm_since=_quarter(history.until))),
            )
        except ValueError as error:
            raise NothingToSay(str(error)) from error

    @property
    def light(self) -> str:
        return figures.colour(self.found.monitor)

    @property
    def cases(self) -> list[int]:
        """A number for each wait that no other has: the turn's, or the conversation's below zero where it has none."""
        return [wait.turn if wait.turn is not None else -wait.number for wait in self.history.waits]

    def statement(self, connection: psycopg.Connection, notes: list[str]) -> dict[str, Any]:
        """What is said anew when figures are published, with more notes."""
        margin = Settings().margin
        body = {
            **figures.body(self.found),
            "notes": [*self.few, *self.found.notes, *_nobodys(connection), *notes],
            "trends": figures.trends(self._trends()),
            "sent": sendings(self.tickets, self.found),
            "by_accident": self._by_accident(),
            "leaks": self._leaks(connection),
            "taus": {d.name: d.tau for d in self.tickets.durations},
            "promise_hours": self.columns.promise_hours,
            "margin": [margin.low, margin.high, margin.points],
            "settings": settings(),
        }
        return {
            "since": self.history.since.isoformat(),
            "until": self.history.until.isoformat(),
            "method": METHOD,
            "verdict": str(self.found.verdict),
            "figures": orjson.loads(orjson.dumps(body)),
        }

    def records(self, sealing: Sealing) -> list[str]:
        return records_of(self.tickets, self.cases, [wait.account for wait in self.history.waits], sealing)

    def openings(self, records: list[str], sealing: Sealing) -> list[dict[str, Any]]:
        """Each record with what opens it."""
        opened = openings_of(self.tickets, self.cases, sealing)
        return [{"record": record, **opening} for record, opening in zip(records, opened, strict=True)]

    def leaves(self, records: list[str]) -> list[tuple[int, str]]:
        return list(zip([wait.number for wait in self.history.waits], records, strict=True))

    def _trends(self) -> dict[tuple[str, str], Trend]:
        """Where enough customers have an amount; a trend of few would be about them."""
        enough = {
            by: amount
            for by, amount in self.amounts.items()
            if len(np.unique(self.tickets.customer[~np.isnan(amount)])) >= 2 * figures.FEWEST_CUSTOMERS
        }
        tickets = replace(self.tickets, amounts=enough)
        return trends(tickets, tickets.durations, stratum_of(tickets)[0])

    def _by_accident(self) -> list[dict[str, Any]]:
        found = []
        for tickets in self.columns.accidents():
            try:
                found += figures.metrics(audit(rounded(tickets), Settings()).rows)
            except ValueError:  # one level only: nothing to compare
                continue
        return found

    def _leaks(self, connection: psycopg.Connection) -> list[dict[str, Any]]:
        latest = {wait.account: plan for wait in self.history.waits if (plan := self._plan(wait))}
        return [figures.leak(each) for each in leaks(latest, features(connection, self.history.waits))]

    def _plan(self, wait: Wait) -> str:
        fact = self.known.get((wait.key, wait.opened_at.date()))
        return fact.plan if fact else ""


def settings() -> dict[str, float]:
    """What else was fixed before anything was looked at, as the statement names it."""
    given = Settings()
    return {
        "largest_groups": given.largest_groups,
        "stand_in_share": given.stand_in,
        "fewest_conversations_published": figures.FEWEST_PUBLISHED,
        "fewest_customers_published": figures.FEWEST_CUSTOMERS,
        "new_customers_between_figures": BATCH,
        "of_each_group": FEWEST_NEW,
        "new_customer_days": NEW_FOR_DAYS,
    }


def _quarter(now: datetime) -> float:
    """When this quarter began, in hours since 1970: quarters of ninety days. In each, a fair desk rings with one chance in
    twenty at most, however often one looks."""
    return now.timestamp() // QUARTER * QUARTER / 3600


def _nobodys(connection: psycopg.Connection) -> list[str]:
    several = facts.nobodys(connection)
    said = "one customer" if several == 1 else f"{several:,} customers"
    return [f"Billing told of {said} without an address: kept, and not measured until it says whose it is."] * bool(
        several
    )
