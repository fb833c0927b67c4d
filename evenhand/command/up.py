"""`evenhand up`: everything in one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Iterator
from importlib import import_module
from typing import IO

import click

from evenhand import env
from evenhand.database.desk import AUDIT, DESK, OWNER
from evenhand.supervisor import room
from evenhand.supervisor.desk import Desk
from evenhand.supervisor.log import Log
from evenhand.supervisor.supervisor import Supervisor


@click.command()
@click.option("--demo", is_flag=True, help="A desk with a cast and three months of history; one click signs in.")
@click.option("--data", metavar="DIR", help="Where everything is kept (EVENHAND_DATA; default: data).")
@click.option("--http", metavar="HOST:PORT", help="Where pages are served (EVENHAND_HTTP; default: 127.0.0.1:8000).")
@click.option("--smtp", metavar="HOST:PORT", help="Where letters come in (EVENHAND_SMTP; default: 127.0.0.1:2525).")
def up(demo: bool, data: str | None, http: str | None, smtp: str | None) -> None:
    """Run a desk: database, web, worker and mail, until Ctrl-C.

    Without EVENHAND_DATABASE_URL the database is a PostgreSQL of its own in the data directory.
    """
    given = {"EVENHAND_DATA": data, "EVENHAND_HTTP": http, "EVENHAND_SMTP": smtp}
    os.environ.update({name: value for name, value in given.items() if value})
    at, smtp_at = env.address("EVENHAND_HTTP", "127.0.0.1:8000"), env.address("EVENHAND_SMTP", "127.0.0.1:2525")
    desk = Desk(
        data=env.path("EVENHAND_DATA", "data"),
        http=at,
        smtp=smtp_at,
        url=env.url("EVENHAND_URL", f"http://{at.near}", ("http", "https")).geturl().rstrip("/"),
        demo=demo or env.flag("EVENHAND_DEMO"),
        database_url=env.text(DESK),
        owner_url=env.text(OWNER),
        audit_url=env.text(AUDIT),
    )
    try:
        hold = room.take(desk.data)
        import_module("evenhand.settings")  # what is malformed there stops the start before anything is made
        room.check_free(at, "--http", "EVENHAND_HTTP")
        room.check_free(smtp_at, "--smtp", "EVENHAND_SMTP")
        with _telling(hold, desk):
            asyncio.run(desk.run(Supervisor(Log())))
    except (room.NoRoom, RuntimeError, OSError) as error:
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def _telling(hold: IO[str], desk: Desk) -> Iterator[None]:
    """Let the other commands know, while this desk runs, where it answers."""
    hold.truncate(0)
    hold.write(json.dumps({"EVENHAND_URL": desk.url}))
    hold.flush()
    yield
    hold.truncate(0)
