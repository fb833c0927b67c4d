"""`evenhand work`: everything that is done later or again and again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import click

from evenhand import env
from evenhand.database import desk

NICE = 10  # pages come first: whoever waits for one would wait for a worker on the same processors


@click.command()
@click.option("--until-done", is_flag=True, help="Do what is to be done now, then stop.")
def work(until_done: bool) -> None:
    """Do the jobs: read letters, send answers, wake what was snoozed. As many on one database as you like."""
    if not until_done:
        let_pages_come_first()
    desk.open_desk()
    from procrastinate.contrib.django import app

    from evenhand.channels import tasks

    # Whatever was cut short when the last worker ended is begun again at once, not at the next tick.
    tasks.read.defer()
    tasks.begin.defer()
    tasks.send.defer()
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            wait=not until_done,
            concurrency=env.number("EVENHAND_WORKER_JOBS", 4, least=1),
            shutdown_graceful_timeout=15,
            delete_jobs="successful",
            fetch_job_polling_interval=1,  # seconds; jobs set for a moment, such as an answer's leaving, wake nobody
            listen_notify=not until_done,
        )


def let_pages_come_first() -> None:
    """Of a process alone in its session Linux shares the processors out by session, and asks the session how nice it is."""
    os.nice(NICE)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # another system, or one that does not group by session
            Path("/proc/self/autogroup").write_text(str(NICE))
