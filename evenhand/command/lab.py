"""`evenhand lab`: find out on your own numbers what equal support would cost and bring. Starts without Django."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
import orjson

from evenhand.lab.refused import Refused


def clearly(function: Callable[..., None]) -> Callable[..., None]:
    """What the lab refuses is said in its sentence, not in a traceback."""

    @wraps(function)
    def said(*args: Any, **options: Any) -> None:
        try:
            function(*args, **options)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
        except OSError as error:
            name = str(error.filename or "").removesuffix(".part")  # written beside the file and then put in its place
            raise click.ClickException(f"{error.strerror or error}: {name}".rstrip(": ")) from None
        except MemoryError:
            raise click.ClickException(
                "There is not enough memory for that many tickets; 112 bytes each are needed."
            ) from None

    return said


def rates(_: click.Context, __: click.Parameter, text: str) -> tuple[float, ...]:
    """Numbers between commas."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f"“{text}” is not a list of numbers such as 4,16.") from None


def names(_: click.Context, __: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(filter(None, (part.strip() for part in (text or "").split(","))))


PATH = click.Path(path_type=Path, dir_okay=False)


def files_of_rows(function: Callable[..., None]) -> Callable[..., None]:
    """The tables that can be had on request."""
    for name, what in (("customers", "customer"), ("tickets", "ticket")):
        help_ = f"Write a row a {what} and policy here, .csv or .parquet."
        function = click.option(f"--{name}", type=PATH, help=help_)(function)
    return function


def _forms(*paths: Path | None) -> None:
    for path in filter(None, paths):
        if path.suffix.lower() not in (".csv", ".parquet", ".pq"):
            raise Refused(f"{path.name} must end in .csv or .parquet, which says what to write.")


def _write_rows(tickets: Path | None, customers: Path | None, tables: Callable[[bool], Any]) -> None:
    from evenhand.lab.rows import write

    for path, by_customer in ((tickets, False), (customers, True)):
        if path:
            write(path, tables(by_customer))
            click.echo(f"Wrote {path}.", err=True)


@click.group()
def lab() -> None:
    """Replay and simulate ways of selling support: who waits, who is refused, what it costs, how many agents it takes."""


@lab.command()
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
@click.option("--confidence", default=0.95, show_default=True, help="Of the intervals, which are batch means.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@clearly
def queue(confidence: float, as_json: bool, **options: Any) -> None:
    """A textbook queue beside its closed form, so that anyone can check the simulator."""
    from evenhand.lab.textbook import Textbook, measure

    if not 0 < confidence < 1:
        raise Refused("A confidence lies between 0 and 1, for example 0.999.")
    found = measure(Textbook(**options), confidence)
    if as_json:
        click.echo(orjson.dumps(found))
        return
    from evenhand.lab.tables import queue_table, show

    show(queue_table(found))
    if not found["identities"]["hold"]:
        click.echo("The identities do not hold: this is a bug in the simulator. Please report it.", err=True)
        sys.exit(1)


@lab.command()
@click.option("--json", "as_json", is_flag=True, help="One object a policy, on standard output.")
def presets(as_json: bool) -> None:
    """The ways of selling support that the lab knows by name."""
    from evenhand.lab.presets import presets as known

    if as_json:
        for policy in known().values():
            row = {"name": policy.name, "title": policy.title, "says": policy.says, "sells_tiers": policy.sells_tiers}
            click.echo(orjson.dumps(row))
        return
    from evenhand.lab.tables import show, table

    show(table("Policies", ["name", "title", "what it does"], [[p.name, p.title, p.says] for p in known().values()]))


def study_options(function: Callable[..., None]) -> Callable[..., None]:
    """What every command that runs a study takes."""
    for option in reversed(
        (
            click.argument("study", required=False, type=click.Path(path_type=Path, dir_okay=False)),
            click.option("--policy", "policies", multiple=True, help="One or more; instead of the study's own."),
            click.option("--agents", type=int, help="Instead of the study's own."),
            click.option("--seed", type=int),
            click.option("--replications", type=int),
            click.option("--json", "as_json", is_flag=True, help="One object on standard output."),
        )
    ):
        function = option(function)
    return function


def chosen(study: Path | None, policies: tuple[str, ...], agents: int | None, **numbers: int | None) -> Any:
    """The study of the file, or the built-in one, with what the command line says instead."""
    from dataclasses import replace

    from evenhand.lab.study import Study, load

    found = load(study) if study else Study(name="A made-up vendor of a thousand customers")
    changes: dict[str, Any] = {name: value for name, value in numbers.items() if value is not None}
    if policies:
        changes["policies"] = policies
    if agents is not None:
        changes["team"] = replace(found.team, agents=agents)
    return found.with_values(**changes)


@lab.command()
@study_options
@click.option("--workers", default=0, help="Processes; 0 is as many as there are cores.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
@click.option("--report", type=PATH, help="Write the page for people here.")
@click.option("--confidence", default=0.9, show_default=True, help="Of the promise, for the staffing by hour.")
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

    _forms(tickets, customers)
    mine = chosen(study, **options)
    found = _compared(mine, workers, cluster, confidence)
    if report:
        from evenhand.lab.report import html

        write_whole(report, html(found, "evenhand lab " + " ".join(_said())))
        click.echo(f"Wrote {report}.", err=True)
    _write_rows(tickets, customers, lambda by_customer: rows_of(mine, by_customer))
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*compare_tables(found))
    if found["unstable"]:
        click.echo(found["unstable"], err=True)


def _said() -> list[str]:
    import shlex

    words = sys.argv[1:]
    return [shlex.quote(word) for word in (words[words.index("lab") + 1 :] if "lab" in words else words)]


def _compared(study: Any, workers: int, cluster: str | None, confidence: float) -> dict[str, Any]:
    import os

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


@lab.command()
@study_options
@click.option(
    "--over", required=True, metavar="NAME=VALUES", help="Such as team.agents=6,8,10 or plans.free.tickets=0.5,1."
)
@click.option("--workers", default=0, help="Processes; 0 is as many as there are cores.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
@clearly
def sweep(study: Path | None, over: str, workers: int, cluster: str | None, as_json: bool, **options: Any) -> None:
    """One number of a study over several values, under every policy."""
    import os

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


@lab.command()
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


@lab.command()
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
@click.option("--confidence", default=0.9, show_default=True, help="Of the promise, for the staffing by hour.")
@click.option("--report", type=PATH, help="Write the page for people here.")
@click.option("--study", type=PATH, help="Write what was learned as a study here, for evenhand lab compare.")
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

    _forms(tickets, customers)
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

        write_whole(report, replayed(found, "evenhand lab " + " ".join(_said())))
        click.echo(f"Wrote {report}.", err=True)
    if study:
        from evenhand.lab.learned import SAYS, learned
        from evenhand.lab.toml import written

        write_whole(study, SAYS.format(file=file.name) + written(learned(made, found)))
        click.echo(f"Wrote {study}.", err=True)
    _write_rows(tickets, customers, lambda by_customer: rows_of(made, found, by_customer))
    if as_json:
        click.echo(orjson.dumps(found))
        return
    show(*replay_tables(found))
    for row in found["unusable"]["first"]:
        click.echo(f"Row {row['row']} was not used: {row['why']}.", err=True)


@lab.command()
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


@lab.command(hidden=True)
def warm() -> None:
    """Be ready for the pages of a desk: `evenhand.lab.warm` says how it is asked."""
    from evenhand.lab.compare import compare as run
    from evenhand.lab.study import Study
    from evenhand.lab.warm import serve
    from evenhand.lab.whole import completed

    def command(words: list[str]) -> int:
        try:
            lab.main(words, prog_name="evenhand lab")
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else int(ended.code is not None)

    small = Study(weeks=2, replications=2, policies=("flat", "strict_tiers"))
    serve(command, lambda: completed(small, run(small), 0.9))
