"""`evenhand lab sweep`"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import orjson

from evenhand.lab.refused import Refused

from .options import chosen, study_options
from .refusing import clearly


@click.command()
@study_options
@click.option(
    "--over", required=True, metavar="NAME=VALUES", help="Such as team.agents=6,8,10 or plans.free.tickets=0.5,1."
)
@click.option("--workers", default=0, help="Processes; 0 is as many as there are cores.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
@clearly
def sweep(study: Path | None, over: str, workers: int, cluster: str | None, as_json: bool, **options: Any) -> None:
    """One number of a study over several values, under every policy."""
    from evenhand.lab.compare import on
    from evenhand.lab.progress import shown
    from evenhand.lab.sweep import sweep as run
    from evenhand.lab.tables import show, sweep_table

    path, equals, values = over.partition("=")
    try:
        numbers = [float(value) for value in values.split(",")]
    except ValueError:
        equals = ""
    if not equals:
        raise Refused(f"“{over}” is no sweep; write for example --over team.agents=6,8,10.")
    mine = chosen(study, **options)
    jobs = len(mine.policies) * mine.replications
    with on(cluster, workers or os.cpu_count() or 1, jobs) as executor, shown("Playing") as progress:
        found = run(mine, path.strip(), numbers, executor, progress)
    click.echo(orjson.dumps(found)) if as_json else show(sweep_table(found))
