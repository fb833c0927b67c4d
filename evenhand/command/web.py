"""`evenhand web`: pages and live events."""

from __future__ import annotations

import os
import subprocess

import click

from evenhand import env
from evenhand.database import desk
from evenhand.serving import start
from evenhand.supervisor import room

KILL_AFTER = 10  # seconds in which a page under way may end


@click.command()
@click.option("--http", metavar="HOST:PORT", help="Where pages are served (EVENHAND_HTTP; default: 127.0.0.1:8000).")
def web(http: str | None) -> None:
    """Serve pages and live events. As many on one database as you like."""
    if http:
        os.environ["EVENHAND_HTTP"] = http
    at, workers = env.address("EVENHAND_HTTP", "127.0.0.1:8000"), env.number("EVENHAND_WEB_WORKERS", 2, least=1)
    os.environ[desk.DESK] = desk.url_of("desk")
    try:
        room.check_free(at, "--http", "EVENHAND_HTTP")
    except room.NoRoom as error:
        raise click.ClickException(str(error)) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    try:
        start.collect()
    except subprocess.CalledProcessError as error:
        raise click.ClickException("The static files could not be collected; the lines above say why.") from error
    start.load()
    start.warm()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "evenhand.serving.start:application",
        address=at.host,
        port=at.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        backlog=2048,
        backpressure=1024,  # an open stream is a request under way, and every agent at the desk has one
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=KILL_AFTER,
        process_name="evenhand web",
        log_level=LogLevels.warning,
    ).serve()
