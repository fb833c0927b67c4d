"""`evenhand lab replay`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from .options import TO_FILE, names, sure
from .refusing import clearly
from .rows import check_forms, files_of_rows, write_rows
from .typed import said


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--map",
    "mapping",
    required=True,
    help="NAME=COLUMN, …: opened, first_reply, customer, plan, need, agent, effort, resolved; or ticket, activity, time.",
)
@click.option(
    "--zone", default="UTC", show_default=True, help="Of moments written without one, and of the working hours."
)
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How 03/04/2026 is meant.")
@click.option("--plans", default="", help="Their names, from the least paying to the most.")
@click.option("--asks", callback=names, help="In a log of events: the activities that are the customer’s, with commas.")
@click.option("--silent", callback=names, help="In a log of events: the activities that answer nobody, with commas.")
@click.option("--hours", help="Working hours, such as 'Mon-Fri 9-17'; without it they are read off the replies.")
@click.option("--agents", type=click.IntRange(1), help="Without it, as many as answered on a usual day.")
@click.option("--promise", default=8.0, show_default=True, help="The one promise, in staffed hours to the first reply.")
@click.option(
    "--more",
    default=0.0,
    type=click.FloatRange(0, 1000),
    help="Per cent more tickets than recorded, like those recorded.",
)
@click.option("--policy", "policies", multiple=True, help="One or more; without it a few that show the range.")
@click.option(
    "--confidence", default=0.9, callback=sure, show_default=True, help="Of the promise, for the staffing by hour."
)
@click.option("--report", type=TO_FILE, help="Write the page for people here.")
@click.option("--study", type=TO_FILE, help="Write what was learned as a study here, for evenhand lab compare.")
@files_of_rows
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@clearly
def replay(
    file: Path, mapping: str, zone: str, dates: str | None, plans: str, asks: tuple[str, ...], silent: tuple[str, ...],
    policies: tuple[str, ...], confidence: float, report: Path | None, study: Path | None, tickets: Path | None,
    customers: Path | None, as_json: bool, **options: Any,
) -> None:  # fmt: skip
    """A history played again: as it was, to the very moment, and under every way of selling support."""
    from evenhand.lab.compare import write_whole
    from evenhand.lab.history import history
    from evenhand.lab.progress import shown
    from evenhand.lab.replay import DEFAULTS, needed_by_hour, rows_of
    from evenhand.lab.replay import replay as run
    from evenhand.lab.tables import replay_tables, show

    check_forms(tickets, customers)
    past = history(file, mapping, zone, dates, plans, asks, silent)
    with shown("Replaying") as progress:
        found, made = run(
            past,
            policies or DEFAULTS,
            options["hours"],
            options["agents"],
            options["promise"],
            progress,
            options["more"],
        )
    found |= {"file": file.name, "staffing": {"confidence": confidence, "need": needed_by_hour(made, confidence)}}
    if report:
        from evenhand.lab.report import replayed

        write_whole(report, replayed(found, said()))
        click.echo(f"Wrote {report}.", err=True)
    if study:
        from evenhand.lab.learned import SAYS, learned
        from evenhand.lab.toml import written

        write_whole(study, SAYS.format(file=file.name) + written(learned(made, found)))
        click.echo(f"Wrote {study}.", err=True)
    write_rows(tickets, customers, lambda by_customer: rows_of(made, found, by_customer))
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*replay_tables(found))
    for row in found["unusable"]["first"]:
        click.echo(f"Row {row['row']} was not used: {row['why']}.", err=True)
