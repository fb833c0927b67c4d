"""`evenhand lab churn`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from .options import names
from .refusing import clearly


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--history",
    "past",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The tickets; FILE then has a row a customer.",
)
@click.option("--map", "mapping", default="", help="Of the history, as for replay.")
@click.option("--customers-map", "people", default="customer=customer,since=since,until=until", show_default=True)
@click.option("--zone", default="UTC", show_default=True)
@click.option("--asks", callback=names, help="As for replay.")
@click.option("--silent", callback=names, help="As for replay.")
@click.option("--hours", help="Working hours; without it they are read off the replies.")
@click.option("--promise", default=8.0, show_default=True, help="In staffed hours to the first reply.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@clearly
def churn(file: Path, past: Path | None, as_json: bool, **options: Any) -> None:
    """Fit what broken promises and waiting do to churn.

    FILE has customer, start, stop, left, broken (and wait, reopened, denied): a row a customer and month. With --history
    FILE has customer, since, until, a row a customer, and the rest is worked out over the ninety days before each month."""
    from evenhand.lab.churn import fit, read
    from evenhand.lab.tables import churn_tables, show

    found = fit(_trailing(file, past, **options) if past else read(file))
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(churn_tables(found))
    click.echo(found["says"])


def _trailing(
    customers: Path, past: Path, mapping: str, people: str, zone: str, asks: tuple[str, ...], silent: tuple[str, ...],
    hours: str | None, promise: float,
) -> Any:  # fmt: skip
    from evenhand.lab.churn import checked
    from evenhand.lab.history import history
    from evenhand.lab.trailing import stretches

    tickets = history(past, mapping, zone, asks=asks, silent=silent)
    return checked(stretches(tickets, customers, people, promise, hours))
