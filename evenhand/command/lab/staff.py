"""`evenhand lab staff`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from evenhand.lab.refused import Refused

from .options import chosen, study_options
from .refusing import clearly


@click.command()
@study_options
@click.option("--confidence", default=0.9, show_default=True, help="Share of tickets for which the promise is kept.")
@click.option("--shift", default=8, show_default=True, help="Hours of work in a shift.")
@click.option("--days", default=5, show_default=True, help="Shifts a week, in a row.")
@clearly
def staff(study: Path | None, confidence: float, shift: int, days: int, as_json: bool, **options: Any) -> None:
    """The fewest agents that keep one promise for everybody, by hour; what tiers would do with; and a rota."""
    from evenhand.lab.progress import shown
    from evenhand.lab.rota import ShiftRules
    from evenhand.lab.tables import show, staff_tables
    from evenhand.lab.whole import staffed

    if not 0 < confidence < 1:
        raise Refused("A confidence lies between 0 and 1, for example 0.9.")
    with shown("Staffing") as progress:
        found = staffed(chosen(study, **options), confidence, ShiftRules(shift, days), progress)
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*staff_tables(found))
