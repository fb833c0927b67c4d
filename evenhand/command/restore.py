"""`evenhand restore`: a desk from a backup."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from evenhand import env
from evenhand.database import desk


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", metavar="DIR", help="The new desk's data directory (EVENHAND_DATA; default: data).")
def restore(file: Path, data: str | None) -> None:
    """Make the desk of FILE, in a new data directory; with EVENHAND_DATABASE_URL set, in that empty database.

    Start it with `evenhand up` afterwards. A backup of an earlier version is brought up to this one.
    """
    import psycopg

    from evenhand.database import backup, prepare, roles
    from evenhand.database.embedded import Embedded
    from evenhand.supervisor import room

    if data:
        os.environ["EVENHAND_DATA"] = data
    directory, own = env.path("EVENHAND_DATA", "data"), bool(env.text(desk.DESK))
    try:
        with room.take(directory), nullcontext() if own else (server := Embedded(directory)).running():
            if not own:
                server.make_roles()
            owner = desk.url_of("owner")
            manifest = backup.restore(file, directory, owner)
            prepare.migrate(owner, *roles.working_roles(desk.url_of("desk")))
    except (room.NoRoom, RuntimeError, psycopg.Error, OSError) as error:
        raise click.ClickException(f"Nothing was restored: {str(error).strip()}") from error
    click.echo(f"{sum(manifest['rows'].values())} rows and {manifest['files']} files are back in {directory}.")
    if not manifest["secrets"]:
        click.echo(
            "The backup holds no secrets: put your secret_key into the secrets folder of the data directory.", err=True
        )
