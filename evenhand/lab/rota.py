"""A rota that covers what each hour needs, by integer programming (HiGHS, through SciPy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .calendar import Calendar, merged
from .crew import Agent
from .refused import Refused


@dataclass(frozen=True)
class ShiftRules:
    """What a sensible week looks like: shifts of so many hours, so many days in a row, one break in the middle."""

    length: int = 8
    days: int = 5
    pause: int = 1  # hours, unstaffed, in the middle; 0 for none
    earliest: int = 0  # hour of the day at which a shift may begin
    latest: int = 23


def weeks(rules: ShiftRules, opened: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int, list[int]]]:
    """(first day, hour of beginning, hours worked) of every week one agent may work, none of it while the desk is closed.

    Where the desk's day is shorter than a shift, the shift is as long as the day.
    """
    found = []
    for first in range(7):
        for begin in range(rules.earliest, rules.latest + 1):
            hours: list[int] = []
            for day in ((first + i) % 7 for i in range(rules.days)):
                shift = [day * 24 + begin + i for i in range(rules.length + rules.pause)]
                middle = rules.length // 2
                worked = [h % 168 for i, h in enumerate(shift) if not middle <= i < middle + rules.pause]
                hours += [hour for hour in worked if opened[hour]]
            if hours:
                found.append((first, begin, sorted(set(hours))))
    return found


def rota(need: list[int], rules: ShiftRules, seconds: float = 20.0) -> dict[str, Any]:
    """The fewest agents whose weeks cover `need` (168 hours), with who works when. Refused when no shifts can cover it."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # half a second, which a comparison need not wait for

    wanted = np.array(need)
    options = weeks(rules, wanted > 0)
    cover = np.zeros((168, len(options)))
    for column, (_, _, hours) in enumerate(options):
        cover[hours, column] = 1
    if not len(options) or (cover.sum(axis=1)[wanted > 0] == 0).any():
        raise Refused("No shift of that kind can cover every hour asked for. Allow other beginnings or shorter shifts.")
    solved = milp(
        c=np.ones(len(options)),
        constraints=LinearConstraint(cover, wanted, np.inf),
        integrality=np.ones(len(options)),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if solved.x is None:
        raise Refused(f"The solver found no rota within {seconds:g} seconds. Give it longer, or simpler shifts.")
    counts = np.round(solved.x).astype(int)
    lines = [
        {"agents": int(count), "first_day": first, "begins": begin, "hours": hours}
        for count, (first, begin, hours) in zip(counts, options, strict=True)
        if count
    ]
    covered = (cover @ counts).astype(int)
    return {
        "agents": int(counts.sum()),
        "lines": lines,
        "covered": covered.tolist(),
        "optimal": bool(solved.status == 0),
    }


def team(found: dict[str, Any], lanes: int, at_once: int = 0) -> list[Agent]:
    """The rota's agents for the simulator."""
    people = []
    for line in found["lines"]:
        calendar = Calendar(merged((float(hour), float(hour + 1)) for hour in line["hours"]))
        people += [Agent(tuple(range(lanes)), calendar, at_once)] * line["agents"]
    return people
