"""`evenhand lab queue`"""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from .options import sure
from .refusing import clearly


def rates(_: click.Context, __: click.Parameter, text: str) -> tuple[float, ...]:
    """Numbers between commas."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f"“{text}” is not a list of numbers such as 4,16.") from None


@click.command()
@click.option(
    "--arrivals", required=True, callback=rates, help="Arrivals an hour by class, the first class first: 4,16"
)
@click.option("--service", default=1.0, show_default=True, help="Tickets an agent answers in an hour.")
@click.option(
    "--service-scv", "scv", default=1.0, show_default=True, help="Squared variation of service: 1 is exponential."
)
@click.option("--agents", required=True, type=int)
@click.option("--patience-rate", "patience", default=0.0, show_default=True, help="Rate at which those who wait leave.")
@click.option(
    "--order", type=click.Choice(["fcfs", "priority", "turns", "lcfs", "random"]), default="fcfs", show_default=True
)
@click.option("--customers", default=200, show_default=True, help="Who take turns, with --order turns.")
@click.option("--tickets", default=1_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--confidence", default=0.95, callback=sure, show_default=True, help="Of the intervals, which are batch means."
)
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@clearly
def queue(confidence: float, as_json: bool, **options: Any) -> None:
    """A textbook queue beside its closed form, so that anyone can check the simulator."""
    from evenhand.lab.textbook import Textbook, measure

    found = measure(Textbook(**options), confidence)
    if as_json:
        click.echo(orjson.dumps(found))
        return
    from evenhand.lab.tables import queue_table, show

    show(queue_table(found))
    if not found["identities"]["hold"]:
        click.echo("The identities do not hold: this is a bug in the simulator. Please report it.", err=True)
        sys.exit(1)
