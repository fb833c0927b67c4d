"""`evenhand lab compare`"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import orjson

from .options import TO_FILE, chosen, study_options, sure
from .refusing import clearly
from .rows import check_forms, files_of_rows, write_rows
from .typed import said


@click.command()
@study_options
@click.option("--workers", default=0, type=click.IntRange(0), help="Processes; 0 is as many as there are cores.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
@click.option("--report", type=TO_FILE, help="Write the page for people here.")
@click.option(
    "--confidence", default=0.9, callback=sure, show_default=True, help="Of the promise, for the staffing by hour."
)
@files_of_rows
@clearly
def compare(
    study: Path | None,
    report: Path | None,
    tickets: Path | None,
    customers: Path | None,
    workers: int,
    cluster: str | None,
    as_json: bool,
    confidence: float,
    **options: Any,
) -> None:
    """The same tickets under every policy: who waits, who is refused, what it costs. STUDY is a TOML file."""
    from evenhand.lab.compare import rows_of, write_whole
    from evenhand.lab.tables import compare_tables, show

    check_forms(tickets, customers)
    mine = chosen(study, **options)
    found = _compared(mine, workers, cluster, confidence)
    if report:
        from evenhand.lab.report import html

        write_whole(report, html(found, said()))
        click.echo(f"Wrote {report}.", err=True)
    write_rows(tickets, customers, lambda by_customer: rows_of(mine, by_customer))
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*compare_tables(found))
    if found["unstable"]:
        click.echo(found["unstable"], err=True)


def _compared(study: Any, workers: int, cluster: str | None, confidence: float) -> dict[str, Any]:
    from evenhand.lab.compare import compare as run
    from evenhand.lab.compare import on
    from evenhand.lab.progress import shown
    from evenhand.lab.whole import completed

    jobs = len(study.policies) * study.replications
    with (
        on(cluster, workers or os.cpu_count() or 1, jobs) as executor,
        shown("Playing") as progress,
    ):
        found = run(study, executor, progress)
    return completed(study, found, confidence)
