"""One self-contained page that a support lead can send to the founder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import jinja2

from . import charts
from .answer import answer, answer_of_replay

PAGES = ("page.html", "waits.html", "staffing.html", "report.html", "replay.html")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _environment() -> jinja2.Environment:
    here = files("evenhand.lab")
    made = jinja2.Environment(
        loader=jinja2.DictLoader({name: here.joinpath(name).read_text(encoding="utf-8") for name in PAGES}),
        autoescape=True, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {"hours": hours, "share": share, "money": money, "between": between, "points": points}
    made.globals |= {"days": DAYS}
    return made


def hours(value: float | None) -> str:
    if value is None or value != value:
        return "—"
    return f"{value * 60:.0f} min" if value < 1 else f"{value:,.1f} h"


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
    recorded = {plan: (mean, None) for plan, mean in found.get("recorded", {}).get("plans", {}).items()}
    return ({"As recorded": recorded} if recorded else {}) | {
        _short(row["title"]): {
            plan: (part["reply_mean"], part.get("reply_mean_ci"))
            for plan, part in row["plans"].items()
            if part.get("tickets")
        }
        for row in found["policies"].values()
    }


def _pictures(found: dict[str, Any]) -> dict[str, Any]:
    """Those that every page has: the waits, and the staffing by hour where it was computed."""
    said = "mean hours to the first reply" + ("" if "recorded" in found else ", with 95 % intervals")
    pictures = {
        "waits": charts.dots(_marks(found), said, "Mean first reply by plan and policy"),
        "curves": charts.curves(found["curve_hours"], _panels(found), "Share answered within a number of hours"),
    }
    if found.get("staffing"):
        series = {"needed for one promise": found["staffing"]["need"]}
        if "now" in found["staffing"]:
            series["the team now"] = found["staffing"]["now"]
        pictures["staffing"] = charts.hours_of_week(series, "Agents by hour of the week")
    return pictures


def html(found: dict[str, Any], command: str) -> str:
    """The report of what `compare` found, with `equality`, `tornado` and `staffing` beside it where they were computed."""
    pictures = _pictures(found)
    if found.get("tornado"):
        middle = found["equality"]["break_even"]
        axis = "break-even fall in monthly churn, points of a hundred, as one input alone changes"
        pictures["tornado"] = charts.swings(found["tornado"], middle, axis, "What the break-even hangs on")
    study = found["study"]
    return _environment().get_template("report.html").render(
        found=found, study=study, plans=list(study["plans"]), needs=list(study["needs"]), title=study["name"],
        pictures=pictures, answer=answer(found), command=command, betas=_betas(found),
    )  # fmt: skip


def replayed(found: dict[str, Any], command: str) -> str:
    """The report of what `replay` found."""
    effort, weeks = found["fit"]["effort"], found["fit"]["arrivals"]["weeks"]
    arrivals = [count / weeks for count in found["fit"]["arrivals"]["by_hour_of_week"]]
    pictures = _pictures(found) | {
        "arrivals": charts.hours_of_week({"tickets a week": arrivals}, "Tickets by hour of the week", "tickets a week"),
        "efforts": charts.shares(
            effort["minutes"], {"estimated": effort["share"], "lognormal": effort["lognormal"]},
            "minutes of work", "Share of first replies by the work they took",
        ),
    }  # fmt: skip
    first = next(iter(found["policies"].values()))
    return _environment().get_template("replay.html").render(
        found=found, plans=[plan for plan, row in first["plans"].items() if row.get("tickets")], needs=list(first["needs"]),
        title=found["file"], pictures=pictures, answer=answer_of_replay(found), command=command, arrivals=arrivals,
    )  # fmt: skip


def _betas(found: dict[str, Any]) -> list[str]:
    first = next(iter(found.get("money", {}).values()), None)
    return list(first["at_beta"]) if first else []
