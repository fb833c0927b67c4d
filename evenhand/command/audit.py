"""`evenhand audit`: does plan, spend or use make a difference?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evenhand.command.audit_run import run, verify

if TYPE_CHECKING:
    from evenhand.audit.export.reading import Export, Reading
    from evenhand.audit.procedure import Audit
    from evenhand.audit.settings import Settings

HELP_WIDTH = 13


@click.group()
def audit() -> None:
    """Does plan, spend or use make a difference? Measure it, and say what may be said."""


def _words(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from evenhand.audit.export.fields import FIELDS

        click.echo("\n".join(f"{word:<{HELP_WIDTH}}{field.meaning}" for word, field in FIELDS.items()))
        ctx.exit()


@audit.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="WORD=COLUMN,…", help="What the columns are; see --words.")
@click.option(
    "--words", is_flag=True, callback=_words, expose_value=False, is_eager=True, help="List the words of --map."
)
@click.option(
    "--promise",
    "promises",
    multiple=True,
    metavar="[METRIC=]TIME",
    help="The promise: 8h, resolved=3d. Default: first reply.",
)
@click.option("--tau", metavar="TIME", help="The longest time that counts (default: twice the promise).")
@click.option(
    "--end",
    metavar="DATE",
    help="When the file was made; open tickets have waited until then (default: its latest moment).",
)
@click.option(
    "--unit", type=click.Choice(["seconds", "minutes", "hours", "days"]), help="Of durations given as plain numbers."
)
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), help="How to read 03/04/2026, where the file leaves it open."
)
@click.option(
    "--margin",
    type=(float, float),
    default=(0.80, 1.25),
    metavar="LOW HIGH",
    show_default=True,
    help="Ratios that are tolerable.",
)
@click.option(
    "--points", type=float, default=5.0, show_default=True, help="Differences of shares that are tolerable, in points."
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a report to send.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def csv(
    file: Path, maps: tuple[str, ...], promises: tuple[str, ...], tau: str | None, end: str | None, unit: str | None,
    dates: str | None, margin: tuple[float, float], points: float, html: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Audit an export of any desk: a CSV file with a row per ticket, or an event log with a row per event.

    \b
    evenhand audit csv tickets.csv --map plan=Tier,customer=Account,opened=Created,first_reply="First reply"
    evenhand audit csv log.csv --map case="Case ID",activity=Activity,time=Timestamp,plan=Tier,customer=Account
    """
    reading, settings = _asked(maps, promises, tau, end, unit, dates, margin, points)
    if html and not html.parent.is_dir():
        raise click.UsageError(f"There is no folder {html.parent} to write the report in.")
    export, found = _measured(file, reading, settings)
    if html:
        from evenhand.audit.report.page import page

        _write(html, page(found, settings, export.set_aside, export.notes, file.name, export.rows))
    if as_json:
        from evenhand.audit.report.facts import facts

        click.echo(
            json.dumps(
                {**facts(found, settings, export.set_aside, export.notes), "rows": export.rows}, ensure_ascii=False
            )
        )
    else:
        _told(found, export)


def _asked(
    maps: tuple[str, ...], promises: tuple[str, ...], tau: str | None, end: str | None, unit: str | None,
    dates: str | None, margin: tuple[float, float], points: float,
) -> tuple[Reading, Settings]:  # fmt: skip
    """The options as values; wrong usage is said as such."""
    from evenhand.audit.export.fields import parsed
    from evenhand.audit.export.reading import Reading, day_of
    from evenhand.audit.settings import Settings
    from evenhand.fairness.verdicts import Margin

    try:
        promise = dict(_promise(text) for text in promises)
        longest = _hours(tau) if tau else None
        reading = Reading(parsed(maps), promise, longest, day_of(end) if end else None, unit, dates)
        return reading, Settings(margin=Margin(*margin, points / 100))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _promise(text: str) -> tuple[str, float]:
    word, _, time = text.rpartition("=")
    metric = word.strip().replace(" ", "_") or "first_reply"
    if metric not in ("first_reply", "resolved"):
        raise ValueError(f"A promise is for first_reply or resolved, not {word!r}.")
    return metric, _hours(time)


def _hours(text: str) -> float:
    from evenhand.audit.export.spans import spans

    hours = float(spans([text.strip()], "hours").seconds[0]) / 3600
    if not hours > 0:
        raise ValueError(f"{text!r} is no length of time; write 8h, 30m or 3d.")
    return hours


def _measured(file: Path, reading: Reading, settings: Settings) -> tuple[Export, Audit]:
    from evenhand.audit.export.fields import BadMapError
    from evenhand.audit.export.reading import read
    from evenhand.audit.procedure import audit as measure

    aside = ""
    try:
        export = read(file, reading)
        aside = f" Set aside: {_aside(export)}." if export.set_aside else ""
        return export, measure(export.tickets, settings)
    except BadMapError as error:
        raise click.UsageError(str(error)) from error
    except ValueError as error:
        raise click.ClickException(f"{error}{aside}") from error


def _aside(export: Export) -> str:
    return "; ".join(f"{count:,} {reason}" for reason, count in export.set_aside.items())


def _write(html: Path, page: str) -> None:
    try:
        html.write_text(page, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{html} cannot be written: {error.strerror}.") from error
    click.echo(f"The report is in {html}.", err=True)


def _told(found: Audit, export: Export) -> None:
    """The audit for a person at a terminal: the table, what was set aside, and at the end the verdict in a sentence."""
    from evenhand.audit.report.table import table
    from evenhand.audit.report.words import conclusion, light, whereabouts

    told = [row for row in found.rows if row.adjusted.tickets] or found.rows[:1]
    click.echo(table(told))
    if few := len(found.rows) - len(told):
        click.echo(f"{few} comparisons more have no stratum with ten tickets on both sides, and no figure.")
    click.echo(
        f"\n{len(export.tickets):,} tickets from {export.rows:,} rows. Set aside: {_aside(export) or 'nothing'}."
    )
    for line in (*export.notes, *found.notes, *whereabouts(found.where), light(found.monitor)):
        click.echo(line)
    click.secho(f"\n{conclusion(found)}", bold=True)


@audit.command()
@click.option(
    "--runs", type=click.IntRange(2), default=200, show_default=True, help="Simulated desks per line of the table."
)
@click.option(
    "--tickets",
    "sizes",
    multiple=True,
    type=click.IntRange(100),
    metavar="N",
    help="Sizes (default: 500 to 8000, doubling).",
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(runs: int, sizes: tuple[int, ...], seed: int, as_json: bool) -> None:
    """Try the audit and the monitor on desks whose truth is known, and print how often they were right.

    Fair desks whose premium plan asks the harder questions, desks on the edge of the margin, tiered and drifting ones.
    """
    from evenhand.audit.simulation.characteristics import SIZES, characteristics
    from evenhand.audit.simulation.telling import told

    found = characteristics(runs, sizes or SIZES, seed)
    click.echo(json.dumps(found) if as_json else told(found))


audit.add_command(run)
audit.add_command(verify)
