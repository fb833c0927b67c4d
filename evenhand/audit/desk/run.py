"""One audit of this desk, from the rows to a signed statement, in one transaction with the audit's own role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from evenhand import __version__
from evenhand.audit import chain, figures
from evenhand.audit.procedure import audit
from evenhand.audit.records import Sealing, openings_of, records_of, rounded
from evenhand.audit.sendings import sendings
from evenhand.audit.settings import METHOD, Settings
from evenhand.ledger import facts
from evenhand.promise.models import Promise

from .columns import Columns
from .features import features
from .leaks import leaks
from .waits import History, Wait, read

LOOKS_BACK = timedelta(days=90)


class NothingToSay(Exception):
    """There is nothing to measure yet; the message says what is missing."""


def run(
    connection: psycopg.Connection, promise: Promise, now: datetime | None = None, *, publish_records: bool = False
) -> dict[str, Any]:
    """Measure the last ninety days, write the statement and, if the light changed, that. Returns the statement.

    Raises NothingToSay when no conversation or no plan is known.
    """
    until = now or datetime.now(UTC)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('evenhand audit'))")
        history = read(connection, until - LOOKS_BACK, until)
        statement, leaves = _measured(connection, history, promise, publish_records)
        statement["id"] = _write(connection, statement)
        _write_leaves(connection, statement["id"], leaves)
        _write_light(connection, statement)
    return statement


def _measured(
    connection: psycopg.Connection, history: History, promise: Promise, publish_records: bool
) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    if not history.waits:
        raise NothingToSay("Nobody has written in the last ninety days, so there is nothing to measure.")
    known = _known(connection, history.waits)
    if not known:
        raise NothingToSay("The ledger knows no plan of anyone who wrote. Import one: evenhand ledger import FILE.csv")
    promise_hours = max(promise.first_reply.values()) / 60
    columns = Columns(history, promise.hours, promise_hours)
    settings = Settings()
    tickets = rounded(columns.tickets(lambda wait: known.get((wait.key, wait.opened_at.date()))))
    try:
        found = audit(tickets, settings)
    except ValueError as error:
        raise NothingToSay(str(error)) from error
    sealing = Sealing(_key(connection, "blinding"), history.until.isoformat())
    cases = _cases(history.waits)
    records = records_of(tickets, cases, [wait.account for wait in history.waits], sealing)
    body = {
        **figures.body(found),
        "notes": [*found.notes, *_nobodys(connection)],
        "sent": sendings(tickets, found),
        "by_accident": _by_accident(columns, settings),
        "leaks": _leaks(connection, history.waits, known),
        "taus": {d.name: d.tau for d in tickets.durations},
        "promise_hours": promise_hours,
        "margin": [settings.margin.low, settings.margin.high, settings.margin.points],
    }
    statement = {
        "made_at": history.until.isoformat(),
        "since": history.since.isoformat(),
        "until": history.until.isoformat(),
        "method": METHOD,
        "code": __version__,
        "verdict": str(found.verdict),
        "light": body["monitor"]["colour"],
        "figures": orjson.loads(orjson.dumps(body)),
        "records": len(records),
        "root": chain.root_of(records),
        "previous": _latest_digest(connection),
    }
    statement = chain.signed(statement, chain.Key(_key(connection, "signing")))
    openings = openings_of(tickets, cases, sealing)
    statement["openings"] = (
        [{"record": r, **o} for r, o in zip(records, openings, strict=True)] if publish_records else None
    )
    return statement, list(zip([wait.number for wait in history.waits], records, strict=True))


def _known(connection: psycopg.Connection, waits: list[Wait]) -> dict[tuple[UUID, Any], facts.Known]:
    asked = sorted({(wait.key, wait.opened_at.date()) for wait in waits})
    return facts.as_of(connection, asked)


def _nobodys(connection: psycopg.Connection) -> list[str]:
    several = facts.nobodys(connection)
    said = "one customer" if several == 1 else f"{several:,} customers"
    return [f"Billing told of {said} without an address: kept, and not measured until it says whose it is."] * bool(
        several
    )


def _cases(waits: list[Wait]) -> list[int]:
    """A number for each wait that no other has: the turn's, or the conversation's below zero where it has none."""
    return [wait.turn if wait.turn is not None else -wait.number for wait in waits]


def _by_accident(columns: Columns, settings: Settings) -> list[dict[str, Any]]:
    found = []
    for tickets in columns.accidents():
        try:
            found += [figures.metric(row) for row in audit(rounded(tickets), settings).rows]
        except ValueError:  # one level only: nothing to compare
            continue
    return found


def _leaks(
    connection: psycopg.Connection, waits: list[Wait], known: dict[tuple[UUID, Any], facts.Known]
) -> list[dict[str, Any]]:
    latest = {
        wait.account: fact.plan
        for wait in waits
        if (fact := known.get((wait.key, wait.opened_at.date()))) and fact.plan
    }
    return [figures.leak(each) for each in leaks(latest, features(connection, waits))]


def _one(connection: psycopg.Connection, statement: LiteralString, *given: object) -> Any:
    """The one value a statement returns, None where it returns no row."""
    row = connection.execute(statement, given).fetchone()
    return row[0] if row else None


def _key(connection: psycopg.Connection, name: str) -> bytes:
    return bytes(_one(connection, "SELECT value FROM ledger.key WHERE name = %s", name))


def _latest_digest(connection: psycopg.Connection) -> str:
    return _one(connection, "SELECT digest FROM parity_statement ORDER BY id DESC LIMIT 1") or ""


def _write(connection: psycopg.Connection, statement: dict[str, Any]) -> int:
    jsons = {name: Jsonb(statement[name]) for name in ("figures", "openings") if statement[name] is not None}
    columns = [sql.Identifier(name) for name in statement]
    insert = sql.SQL("INSERT INTO parity_statement ({}) VALUES ({}) RETURNING id").format(
        sql.SQL(", ").join(columns), sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    )
    return int(connection.execute(insert, list({**statement, **jsons}.values())).fetchall()[0][0])


def _write_leaves(connection: psycopg.Connection, statement: int, leaves: list[tuple[int, str]]) -> None:
    with connection.cursor().copy("COPY parity_leaf (statement_id, number, position, record) FROM STDIN") as copy:
        for position, (number, record) in enumerate(leaves):
            copy.write_row((statement, number, position, record))


def _write_light(connection: psycopg.Connection, statement: dict[str, Any]) -> None:
    if _one(connection, "SELECT colour FROM parity_lightchange ORDER BY id DESC LIMIT 1") == statement["light"]:
        return
    connection.execute(
        "INSERT INTO parity_lightchange (at, colour, why, statement_id) VALUES (%s, %s, %s, %s)",
        [statement["made_at"], statement["light"], _why(statement["figures"]), statement["id"]],
    )


def _why(body: dict[str, Any]) -> str:
    """What to look at: where the differences arise, else what the monitor counted."""
    named = [f"{cut['column']}: {cut['levels'][0]['level']}" for cut in body["sent"]]
    named += [f"{cut['column']}: {cut['parts'][0]['level']}" for cut in body["where"] if cut["parts"]]
    if named:
        return "Look at " + "; ".join(dict.fromkeys(named)) + "."
    return f"{body['monitor']['pairs']} pairs of like conversations were compared."
