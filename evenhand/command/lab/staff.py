"""`evenhand lab staff`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from .options import chosen, study_options, sure
from .refusing import clearly


@click.command()
@study_options
@click.option(
    "--confidence",
    default=0.9,
    callback=sure,
    show_default=True,
    help="Share of tickets for which the promise is kept.",
)
@click.option("--shift", default=8, type=click.IntRange(1, 23), show_default=True, help="Hours of work in a shift.")
@click.option("--days", default=5, type=click.IntRange(1, 7), show_default=True, help="Shifts a week, in a row.")
@clearly
def staff(study: Path | None, confidence: float, shift: int, days: int, as_json: bool, **options: Any) -> None:
    """The fewest agents that keep one promise for everybody, by hour; what tiers would do with; and a rota."""
    from evenhand.lab.progress import shown
    from evenhand.lab.rota import ShiftRules
    from evenhand.lab.tables import show, staff_tables
    from evenhand.lab.whole import staffed

    with shown("Staffing") as progress:
        found = staffed(chosen(study, **options), confidence, ShiftRules(shift, days), progress)
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*staff_tables(found))
