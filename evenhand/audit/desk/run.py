"""One audit of this desk, from the rows to a signed statement, in one transaction with the audit's own role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from evenhand import __version__
from evenhand.audit import chain
from evenhand.audit.records import Sealing, told_apart
from evenhand.promise.models import Promise

from .measured import Measured
from .publishing import Last
from .waits import read

LOOKS_BACK = timedelta(days=90)


def run(
    connection: psycopg.Connection, promise: Promise, now: datetime | None = None, *, publish_records: bool = False
) -> dict[str, Any]:
    """Measure the last ninety days, write the statement and, if the light changed, that. Returns the statement.

    Where too few have written since the last figures to publish new ones, the statement says that those stand.
    Raises NothingToSay when no conversation or no plan is known.
    """
    until = now or datetime.now(UTC)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('evenhand audit'))")
        measured = Measured.of(connection, read(connection, until - LOOKS_BACK, until), promise)
        statement, leaves = _stated(connection, measured, publish_records)
        statement["id"] = _write(connection, statement)
        _write_leaves(connection, statement["id"], leaves)
        _write_light(connection, statement)
    return statement


def _stated(
    connection: psycopg.Connection, measured: Measured, publish_records: bool
) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """The statement, signed, and its leaves: (conversation, record)."""
    signing, blinding = chain.Key(_key(connection, "signing")), _key(connection, "blinding")
    said = {
        "made_at": measured.history.until.isoformat(),
        "code": __version__,
        "light": measured.light,
        "previous": _latest_digest(connection),
    }
    # Whoever has the records needs no differencing.
    last = None if publish_records else Last.of(connection)
    if last and not (new := last.newcomers(measured.tickets, measured.cases, blinding)).may_be_seen(last.looked):
        return {**chain.signed(last.standing(new, **said), signing), "openings": None}, []
    sealing = Sealing(blinding, said["made_at"])
    records = measured.records(sealing)
    warning = _told_apart(records) if publish_records else []
    statement = {
        **said,
        **measured.statement(connection, warning),
        "records": len(records),
        "root": chain.root_of(records),
    }
    openings = measured.openings(records, sealing) if publish_records else None
    return {**chain.signed(statement, signing), "openings": openings}, measured.leaves(records)


def _told_apart(records: list[str]) -> list[str]:
    """What publishing the records gives away, said where they are."""
    apart = told_apart(records)
    return [f"The records are published. Who knows its times can tell {apart:,} of {len(records):,} from all others."]


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
    return f"{body['monitor']['pairs']:,} pairs of like conversations were compared."
