"""`evenhand backup`: one file that holds the desk."""

from __future__ import annotations

from pathlib import Path

import click

from evenhand import env
from evenhand.database import desk


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Also keep the key that customers' links are signed with.")
@click.option("--json", "as_json", is_flag=True, help="What the backup holds, as one JSON object.")
def backup(file: Path, with_secrets: bool, as_json: bool) -> None:
    """Write the whole desk to FILE while it runs: database, ledger and attachments.

    FILE holds everything customers wrote and what they pay: keep it as you keep the desk.
    """
    import orjson
    import psycopg

    from evenhand.database import backup as backups

    try:
        manifest = backups.make(file, env.path("EVENHAND_DATA", "data"), desk.url_of("owner"), secrets=with_secrets)
    except (backups.Unusable, psycopg.Error, OSError) as error:
        raise click.ClickException(f"No backup was made: {str(error).strip()}") from error
    if as_json:
        click.echo(orjson.dumps(manifest))
    else:
        click.echo(f"{sum(manifest['rows'].values())} rows and {manifest['files']} files are in {file}.")
    if not with_secrets:
        click.echo("Keep secrets/secret_key of the data directory apart: without it customers' links end.", err=True)
