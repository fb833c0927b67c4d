"""What several commands of the lab take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def names(_: click.Context, __: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(filter(None, (part.strip() for part in (text or "").split(","))))


def sure(_: click.Context, __: click.Parameter, confidence: float) -> float:
    """A confidence that is one, said before any work is done."""
    if not 0 < confidence < 1:
        raise click.BadParameter("a confidence lies between 0 and 1, for example 0.9.")
    return confidence


TO_FILE = click.Path(path_type=Path, dir_okay=False)


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
