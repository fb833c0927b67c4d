"""The tables of tickets and customers that can be had on request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evenhand.lab.refused import Refused

from .options import TO_FILE


def files_of_rows(function: Callable[..., None]) -> Callable[..., None]:
    """The tables that can be had on request."""
    for name, what in (("customers", "customer"), ("tickets", "ticket")):
        help_ = f"Write a row a {what} and policy here, .csv or .parquet."
        function = click.option(f"--{name}", type=TO_FILE, help=help_)(function)
    return function


def check_forms(*paths: Path | None) -> None:
    """Raises Refused for a table whose name does not say how it is to be written."""
    for path in filter(None, paths):
        if path.suffix.lower() not in (".csv", ".parquet", ".pq"):
            raise Refused(f"{path.name} must end in .csv or .parquet, which says what to write.")


def write_rows(tickets: Path | None, customers: Path | None, tables: Callable[[bool], Any]) -> None:
    """The tables that were asked for."""
    from evenhand.lab.rows import write

    for path, by_customer in ((tickets, False), (customers, True)):
        if path:
            write(path, tables(by_customer))
            click.echo(f"Wrote {path}.", err=True)
