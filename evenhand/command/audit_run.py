"""`evenhand audit run`: measure this desk and write a statement; `evenhand audit verify`: check published ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command()
@click.option(
    "--publish-records",
    is_flag=True,
    envvar="EVENHAND_PUBLISH_RECORDS",
    help="Publish the anonymised records with their groups, so that anyone can recompute it; see docs/pledge.md first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the statement as one JSON object.")
@click.option("--quiet", is_flag=True, help="Print the verdict only.")
def run(publish_records: bool, as_json: bool, quiet: bool) -> None:
    """Measure this desk over the last ninety days and write a signed statement.

    Needs the audit's own role: EVENHAND_DATABASE_AUDIT_URL, or the embedded server's, which it finds by itself.
    """
    statement = _measured(publish_records)
    if as_json:
        click.echo(json.dumps({name: value for name, value in statement.items() if name != "openings"}, default=str))
        return
    click.echo(f"Statement {statement['id']} over {statement['records']:,} waits, signed {statement['digest'][:16]}…")
    for row in statement["figures"]["metrics"]:
        if row["by"] == "plan" and not quiet:
            click.echo(f"  {row['metric']:<24} {row['group']:<20} {row['verdict']}")
    for note in statement["figures"]["notes"]:
        click.echo(note, err=True)
    click.secho(f"Light: {statement['light']}. Verdict: {statement['verdict']}.", bold=True)


def _measured(publish_records: bool) -> dict[str, Any]:
    from evenhand.database import desk

    try:
        desk.open_audit()
    except desk.NotRunning as error:
        raise click.ClickException(str(error)) from error
    from django.db import connection

    from evenhand.audit.desk.measured import NothingToSay
    from evenhand.audit.desk.run import run as measure
    from evenhand.promise.models import Promise

    connection.ensure_connection()
    try:
        return measure(connection.connection, Promise.current(), publish_records=publish_records)
    except NothingToSay as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("source", metavar="URL|FILE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(source: str, as_json: bool) -> None:
    """Check published statements: signatures, order, records; and recompute the verdict where records are published.

    SOURCE is a bundle (the pledge page's statements.json), as a file or an address.
    """
    from evenhand.audit.chain import Broken
    from evenhand.audit.verify import verify as check

    try:
        found = check(_bundle(source))
    except Broken as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(found))
        return
    for statement in found["statements"]:
        recomputed = statement["recomputed"]
        said = "records not published" if recomputed is None else f"recomputed: {recomputed}"
        click.echo(f"{statement['made_at']}  {statement['verdict']:<20} {statement['records']:,} records, {said}")
    several = len(found["statements"])
    count = "One statement holds" if several == 1 else f"{several} statements hold"
    click.echo(f"Signed with the key {found['public_key']}: compare it with the one that you kept.")
    click.secho(f"{count}: signed, in order, none changed.", bold=True)


def _bundle(source: str) -> dict[str, Any]:
    try:
        if source.startswith(("http://", "https://")):
            import urllib.request

            with urllib.request.urlopen(source, timeout=30) as answer:  # noqa: S310 - an http address, checked above
                text = answer.read().decode()
        else:
            text = Path(source).read_text(encoding="utf-8")
        bundle = json.loads(text)
    except OSError as error:
        why = getattr(error, "reason", error.strerror) or error
        raise click.ClickException(f"{source} cannot be read: {getattr(why, 'strerror', why)}.") from error
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{source} is not a bundle of statements: it is no JSON.") from error
    if not isinstance(bundle, dict) or not isinstance(bundle.get("statements"), list):
        raise click.ClickException(f"{source} is not a bundle of statements.")
    return bundle
