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
@click.option("--json", "as_json", is_flag=True, help="One JSON object: how many rows were taken, and the bad ones.")
def import_(file: IO[str], all_or_nothing: bool, as_json: bool) -> None:
    """Take in FILE, a CSV of customer (email) or organisation, plan, monthly_spend, seats, usage and as_of (a day).

    Whoever is not known yet is added, so that no fact is lost before their first letter. Importing a file again is
    safe: facts are kept by day, and the same one twice is the same as once. Exits with 1 when a row was bad.
    """
    desk.open_desk()
    import orjson

    from evenhand.command.ledger_file import take_in
    from evenhand.ledger.sheet import NotASheet

    try:
        taken, bad = take_in(file, all_or_nothing=all_or_nothing)
    except NotASheet as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    for row in bad:
        click.echo(f"{file.name}, line {row.line}: {row.reason}", err=True)
    if as_json:
        click.echo(orjson.dumps({"taken": taken, "bad": [row._asdict() for row in bad]}))
    else:
        click.echo(f"{taken} facts taken, {len(bad)} rows not.")
    if bad:
        raise SystemExit(1)
