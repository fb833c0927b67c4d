"""`evenhand ledger`: commercial facts go in, and nothing comes out."""

from __future__ import annotations

from typing import IO

import click

from evenhand.database import desk


@click.group()
def ledger() -> None:
    """What customers pay and use: in for the audit, never out."""


@ledger.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--all-or-nothing", is_flag=True, help="Take nothing when any row is bad; else the good rows are taken.")
@click.option("--known-only", is_flag=True, help="A row of a customer nobody knows yet is bad; else they are added.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: how many rows were taken, bad ones, new ones.")
def import_(file: IO[str], all_or_nothing: bool, known_only: bool, as_json: bool) -> None:
    """Take in FILE, a CSV of customer (email) or organisation, plan, monthly_spend, seats, usage and as_of (a day).

    Whoever is not known yet is added, so that no fact is lost before their first letter, and listed. A second row about
    the same customer and day is bad: which of the two would hold? Importing a file again is safe: facts are kept by
    day, and the same one twice is the same as once. Exits with 1 when a row was bad.
    """
    desk.open_desk()
    import orjson

    from evenhand.api.taking import Taking
    from evenhand.ledger.sheet import NotASheet, read

    taking = Taking("csv", all_or_nothing=all_or_nothing, welcome=not known_only)
    try:
        taking.take_in(read(file))
    except NotASheet as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    for row in sorted(taking.bad + taking.new):
        click.echo(f"{file.name}, line {row.line}: {row.reason}", err=True)
    if as_json:
        listed = {name: [row._asdict() for row in rows] for name, rows in (("bad", taking.bad), ("new", taking.new))}
        click.echo(orjson.dumps({"taken": taking.taken, **listed}))
    else:
        click.echo(f"{taking.taken} facts taken, {len(taking.bad)} rows not. {len(taking.new)} customers are new.")
    if taking.bad:
        raise SystemExit(1)
