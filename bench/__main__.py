"""How fast the desk is: `make bench ARGS="--conversations 50000"`.

Builds a desk of so many conversations of three messages, runs the real processes on it, and asks over real HTTP with a
real session. Prints a table with the goals beside, and with --json one object on standard output.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.table import Table

from .acts import Act, acts
from .building import build
from .client import Client, Run, drive
from .desk import Desk
from .note import note


@click.command()
@click.option("--conversations", default=10_000, show_default=True, help="How many the desk keeps.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Build in this directory and leave it there for the next run."
)
@click.option("--seconds", default=4.0, show_default=True, help="How long each thing is done.")
@click.option("--only", help="Only acts whose name contains this.")
@click.option("--letters", default=0, help="Also take in so many letters (bench.letters).")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def main(conversations: int, keep: Path | None, seconds: float, only: str | None, letters: int, as_json: bool) -> None:
    directory = keep or Path(tempfile.mkdtemp(prefix="evenhand-bench-"))
    try:
        build(directory, conversations)
        with Desk(directory) as desk:
            desk.open_django()
            # What else ran on the machine: with more than its cores, every time here is also somebody else's.
            load = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
            result = {"conversations": conversations, **load, **measured(desk, conversations, seconds, only)}
    finally:
        if not keep:
            shutil.rmtree(directory, ignore_errors=True)
    if letters:
        from . import letters as smtp

        result["letters"] = smtp.measure(letters, 8, 20_000, 2)
    if as_json:
        click.echo(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    else:
        show(result)


def measured(desk: Desk, count: int, seconds: float, only: str | None) -> dict[str, object]:
    clients = [desk.sign_in(agent) for agent in range(1, 9)]
    with desk.database() as connection:
        rows = connection.execute(
            "SELECT number FROM conversations_conversation WHERE state = 'open' ORDER BY number DESC"
        )
        numbers = [number for (number,) in rows.fetchall()]
    rows = [_act(desk, act, clients, seconds) for act in acts(count, iter(numbers)) if not only or only in act.name]
    result: dict[str, object] = {"acts": rows}
    if any("create" in row["name"] for row in rows):  # type: ignore[operator]
        result["begun"] = _begun(desk)
    if not only or only in "live":
        from .streams import LISTENERS, measure

        note(f"live events to {LISTENERS} listeners")
        times = sorted(measure(desk, clients[0], numbers))
        result["live"] = {
            "listeners": LISTENERS,
            "p50": times[len(times) // 2],
            "p95": times[len(times) * 95 // 100],
            "max": times[-1],
        }
    result["memory_mib"] = desk.memory()
    return result


def _begun(desk: Desk, longest: float = 10.0) -> float:
    """How many of the questions that wait the worker begins a second, while nothing else is asked."""
    with desk.database() as connection:

        def waiting() -> int:
            return int(
                connection.execute("SELECT count(*) FROM channels_question WHERE begun_at IS NULL").fetchone()[0]
            )  # type: ignore[index]

        before, since = waiting(), time.perf_counter()
        while (left := waiting()) and time.perf_counter() - since < longest:
            time.sleep(0.1)
        return (before - left) / (time.perf_counter() - since)


def _act(desk: Desk, act: Act, clients: list[Client], seconds: float) -> dict[str, object]:
    from .queries import TIMES, per_page

    note(act.name)
    drive(clients, act.requests, 0.3 if act.writes else 1.0)  # until every process has prepared its statements
    one = drive(clients[:1], act.requests, seconds)
    before = desk.cpu("web"), desk.cpu("postgres")
    eight = drive(clients, act.requests, seconds)
    pages = len(eight.times) or 1
    return {
        "name": act.name, "p50": one.percentile(0.5), "p95": one.percentile(0.95), "p99": one.percentile(0.99),
        "rate": eight.rate, "cpu_web": (desk.cpu("web") - before[0]) / pages * 1000,
        "cpu_postgres": (desk.cpu("postgres") - before[1]) / pages * 1000, "cpu_client": eight.own_cpu / pages * 1000,
        "goal_p50": act.goal_p50, "goal_p95": act.goal_p95, "goal_rate": act.goal_rate,
        "unexpected": _unexpected(act, one) + _unexpected(act, eight),
        "queries": per_page(desk, clients[0], list(islice(act.requests(clients[0]), TIMES))),
    }  # fmt: skip


def _unexpected(act: Act, run: Run) -> int:
    return sum(count for status, count in run.statuses.items() if status != act.expected)


def show(result: dict[str, object]) -> None:
    table = Table(title=f"{result['conversations']:,} conversations of three messages", title_justify="left")
    for name in (
        "",
        "p50 ms",
        "p95",
        "p99",
        "goal",
        "8 clients, /s",
        "goal",
        "queries",
        "CPU ms web",
        "db",
        "client",
        "failed",
    ):
        table.add_column(name, justify="left" if not name else "right")
    for row in result["acts"]:  # type: ignore[attr-defined]
        goal = (
            ""
            if row["goal_p50"] is None
            else f"≤ {row['goal_p50']:g}" + (f" / {row['goal_p95']:g}" if row["goal_p95"] else "")
        )
        table.add_row(
            row["name"], *(f"{row[key]:.1f}" for key in ("p50", "p95", "p99")), goal, f"{row['rate']:.0f}",
            f"≥ {row['goal_rate']:g}" if row["goal_rate"] else "", f"{row['queries']:.1f}",
            *(f"{row[key]:.2f}" for key in ("cpu_web", "cpu_postgres", "cpu_client")), str(row["unexpected"] or ""),
        )  # fmt: skip
    console = Console(width=150)
    console.print(table)
    if live := result.get("live"):
        console.print(
            "Live, from write to arrival with {listeners} listening: p50 {p50:.0f} ms, p95 {p95:.0f}, worst {max:.0f}".format(
                **live
            )
        )  # type: ignore[arg-type]
    if "begun" in result:
        console.print(
            "Of the questions taken in the worker then made {begun:.0f} conversations a second.".format(**result)
        )
    parts: dict[str, float] = result["memory_mib"]  # type: ignore[assignment]
    each = ", ".join(f"{part} {size:.0f}" for part, size in parts.items())
    console.print(f"Memory of web, worker and mail together: {sum(parts.values()):.0f} MiB (goal ≤ 250): {each}")
    console.print("Before it began, {load_before:.1f} processes wanted one of {cores} cores.".format(**result))
    if "letters" in result:
        console.print(f"Letters: {result['letters']}")


if __name__ == "__main__":
    main()
