"""One self-contained page that a support lead can send to the founder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import jinja2

from . import charts
from .answer import answer


def _environment() -> jinja2.Environment:
    source = files("evenhand.lab").joinpath("report.html").read_text(encoding="utf-8")
    made = jinja2.Environment(
        loader=jinja2.DictLoader({"report": source}), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"hours": hours, "share": share, "money": money, "between": between, "points": points}
    return made


def hours(value: float | None) -> str:
    if value is None or value != value:
        return "—"
    return f"{value * 60:.0f} min" if value < 1 else f"{value:.1f} h"


def share(value: float | None) -> str:
    return "—" if value is None or value != value else f"{100 * value:.1f} %"


def money(value: float | None) -> str:
    return "—" if value is None or value != value else f"{value:,.0f}"


def points(value: float) -> str:
    return f"{100 * value:.2f} points"


def between(ends: tuple[float, float] | None) -> str:
    return "" if not ends or ends[0] is None else f"{ends[0]:.2f} to {ends[1]:.2f}"


def _panels(found: dict[str, Any]) -> dict[str, dict[str, Sequence[float]]]:
    return {
        _short(row["title"]): {plan: part["curve"] for plan, part in row["plans"].items() if part.get("tickets")}
        for row in found["policies"].values()
    }


def _short(title: str, most: int = 34) -> str:
    return title if len(title) <= most else title[: most - 1].rsplit(" ", 1)[0] + " …"


def _marks(found: dict[str, Any]) -> dict[str, Any]:
    return {
        _short(row["title"]): {
            plan: (part["reply_mean"], part.get("reply_mean_ci"))
            for plan, part in row["plans"].items()
            if part.get("tickets")
        }
        for row in found["policies"].values()
    }


def html(found: dict[str, Any], command: str) -> str:
    """The report of what `compare` found, with `equality`, `tornado` and `staffing` beside it where they were computed."""
    pictures = {
        "waits": charts.dots(
            _marks(found), "mean hours to the first reply, with 95 % intervals", "Mean first reply by plan and policy"
        ),
        "curves": charts.curves(found["curve_hours"], _panels(found), "Share answered within a number of hours"),
    }
    if found.get("tornado"):
        middle = found["equality"]["break_even"]
        axis = "break-even fall in monthly churn, points of a hundred, as one input alone changes"
        pictures["tornado"] = charts.swings(found["tornado"], middle, axis, "What the break-even hangs on")
    if found.get("staffing"):
        series = {"needed for one promise": found["staffing"]["need"], "the team now": found["staffing"]["now"]}
        pictures["staffing"] = charts.hours_of_week(series, "Agents by hour of the week")
    page = _environment().get_template("report")
    return page.render(
        found=found, study=found["study"], pictures=pictures, answer=answer(found), command=command, betas=_betas(found)
    )


def _betas(found: dict[str, Any]) -> list[str]:
    first = next(iter(found.get("money", {}).values()), None)
    return list(first["at_beta"]) if first else []
