"""A team in words, and as the arrays the simulator reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .calendar import ALWAYS, Calendar, pack, union
from .refused import Refused
from .turns import AGENT, NOBODY, Crew, Hours, blank


@dataclass(frozen=True)
class Agent:
    """Who serves which lanes and when. `at_once` limits the tickets in hand, those awaiting the customer included, and
    makes the agent keep what they began; 0 is no limit, and follow-ups go to whoever is free."""

    lanes: tuple[int, ...]
    calendar: Calendar = ALWAYS
    at_once: int = 0


def crew(agents: Sequence[Agent], lanes: int, desk: Calendar | None = None) -> tuple[Crew, Hours]:
    """The agents as arrays, beside their calendars. Calendar 0 is the desk's, in which promises are counted: `desk`, or
    whenever anybody is on shift. Refused when there is nobody at all, or nobody for a lane."""
    if not agents:
        raise Refused("There are no agents: nobody would ever be served. Give at least one.")
    alone = [lane for lane in range(lanes) if not any(lane in agent.lanes for agent in agents)]
    if alone:
        raise Refused(f"Nobody serves lane {alone[0]}: its tickets would wait for ever. Give an agent that skill.")
    desk = desk or union(list(dict.fromkeys(agent.calendar for agent in agents)))
    calendars = list(dict.fromkeys([desk, *(agent.calendar for agent in agents)]))
    mask = np.zeros((lanes, (len(agents) + 63) // 64), dtype=np.uint64)
    for number, agent in enumerate(agents):
        for lane in agent.lanes:
            mask[lane, number // 64] |= np.uint64(1) << np.uint64(number % 64)
    table = blank(len(agents), AGENT)
    table.calendar = [calendars.index(agent.calendar) for agent in agents]
    table.at_once = [agent.at_once for agent in agents]
    table.last = np.cumsum([len(agent.lanes) for agent in agents])
    table.first = table.last - [len(agent.lanes) for agent in agents]
    table.serving = table.own = NOBODY
    skills = np.array([lane for agent in agents for lane in sorted(agent.lanes)], dtype=np.int32)
    return Crew(table, skills, mask), pack(calendars)


def alike(count: int, lanes: int = 1, calendar: Calendar = ALWAYS, at_once: int = 0) -> list[Agent]:
    """`count` agents who serve every lane."""
    return [Agent(tuple(range(lanes)), calendar, at_once)] * count
