"""A statement's figures as lines of a table, one figure to a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.parity.models import Statement

COLUMNS = ("statement", "section", "metric", "by", "group", "column", "level", "figure", "value")
NESTED = {"metrics": None, "by_accident": None, "where": "parts", "sent": "levels"}
TOLD = ("metric", "by", "group", "column")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Line = tuple[object, ...]


def cell(value: object) -> object:
    """A word that a spreadsheet would take for a formula is given a quotation mark before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value


def lines(statement: Statement) -> Iterator[Line]:
    made, figures = statement.made_at.isoformat(), statement.figures
    for name in ("verdict", "light", "records", "method", "code", "root", "digest"):
        yield (made, "statement", "", "", "", "", "", name, getattr(statement, name))
    for section, inner in NESTED.items():
        for row in figures[section]:
            about = (made, section, *(row.get(name, "") for name in TOLD))
            yield from _figures((*about, ""), {k: v for k, v in row.items() if k not in (*TOLD, inner)})
            for part in row[inner] if inner else ():
                yield from _figures((*about, part["level"]), {k: v for k, v in part.items() if k != "level"})
    for row in figures.get("trends", ()):
        yield from _figures(
            (made, "trends", row["metric"], row["by"], "", "", ""), {k: row[k] for k in ("rho", "low", "high")}
        )
    for leak in figures["leaks"]:
        yield from _figures((made, "leaks", "", "", "", leak["feature"], ""), {"gain": leak["gain"]})
    yield from _monitor(made, figures["monitor"])


def _monitor(made: str, monitor: dict[str, Any]) -> Iterator[Line]:
    about = (made, "monitor")
    yield from _figures((*about, *[""] * 5), {k: v for k, v in monitor.items() if k not in ("metric", "groups")})
    for group in monitor.get("groups", ()):
        counted = {k: v for k, v in group.items() if k not in TOLD}
        metric = group.get("metric", monitor.get("metric", ""))  # one for all groups, in the first statements
        yield from _figures((*about, metric, group["by"], group["group"], "", ""), counted)


def _figures(about: Line, row: dict[str, Any]) -> Iterator[Line]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _figures(about, {f"{name} {key}": inner for key, inner in value.items()})
        elif value is not None:
            yield (*about, name, value)
