"""Tables for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(*tables: Table) -> None:
    console = Console()
    for table in tables:
        console.print(table)


def number(value: float | None, digits: int = 4) -> str:
    return "" if value is None or value != value else f"{value:.{digits}f}"


def span(ends: tuple[float, float] | None, digits: int = 4) -> str:
    return "" if ends is None else f"{number(ends[0], digits)} to {number(ends[1], digits)}"


def table(title: str, columns: list[str], rows: list[list[str]], caption: str = "") -> Table:
    """A plain table: the first column names the row, the others are figures."""
    made = Table(title=title, caption=caption or None, title_justify="left", caption_justify="left")
    for i, column in enumerate(columns):
        made.add_column(column, justify="left" if i == 0 else "right")
    for row in rows:
        made.add_row(*row)
    return made


def queue_table(found: dict[str, Any]) -> Table:
    """A textbook queue beside its closed form."""
    percent = f"{100 * found['confidence']:g} %"
    columns = ["class", "tickets", "mean wait", percent, "exact", "abandoned", "exact", "waits at all"]
    rows = [
        [
            str(row.get("class", "all")),
            f"{row['tickets']:,}",
            number(row["wait"]),
            span(row["wait_ci"]),
            number(row.get("exact_wait")),
            number(row["abandoned"]),
            number(row.get("exact_abandoned")),
            number(row["p_wait"]),
        ]
        for row in [*found["classes"], found["all"]]
    ]
    held = "hold" if found["identities"]["hold"] else "DO NOT HOLD"
    exact = number(found["exact_p_wait"]) or "unknown"
    caption = f"Load {found['load']:g} on {found['queue']['agents']} agents. P(wait) exact: {exact}. Identities {held}."
    return table(f"{found['queue']['order']}, hours", columns, rows, caption)
