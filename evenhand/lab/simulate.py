"""Set the desk up and let it run."""

from __future__ import annotations

from functools import cache

import numpy as np

from .compiled import alone
from .crew import alike
from .crew import crew as crew_of
from .engine import play
from .rules import first_come
from .turns import BY_TURNS, NOBODY, TURN, WAIT, Crew, Floats, Hours, Numbers, Rule, Table, blank
from .world import KEPT, LANE, PLACE, Desk, World


def _tournament(agents: int) -> tuple[Floats, Numbers]:
    """Everyone's next event is never; ties go to the lower number, so the first agent leads every match on the left edge."""
    leaves = 1 << max(agents - 1, 1).bit_length()
    winner = np.zeros(2 * leaves, dtype=np.int32)
    winner[leaves:] = np.arange(leaves)
    for node in range(leaves - 1, 0, -1):
        winner[node] = winner[2 * node]
    return np.full(leaves, np.inf), winner


def _everyone(crew: Crew) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    free = np.zeros(crew.mask.shape[1], dtype=np.uint64)
    for agent in range(crew.agents.size):
        free[agent // 64] |= np.uint64(1) << np.uint64(agent % 64)
    return free


def _desk(rule: Rule, crew: Crew) -> Desk:
    lanes = blank(crew.mask.shape[0], LANE)
    lanes.waiting = lanes.kept_first = NOBODY
    places = blank(lanes.size * rule.step.size if rule.manner >= BY_TURNS else 1, PLACE)
    places.head = places.tail = places.last = places.kept = NOBODY
    when, winner = _tournament(crew.agents.size)
    return Desk(
        lanes,
        places,
        when,
        winner,
        free=_everyone(crew),
        due=np.zeros(lanes.size + 1),
        waits=np.zeros(lanes.size + 1, dtype=np.int32),
        hand=np.array([NOBODY, NOBODY, 0, NOBODY], dtype=np.int32),
        opening=np.full(1, np.inf),
    )


def simulate(turns: Table, rule: Rule, crew: Crew, hours: Hours) -> Table:
    """Play the TURN table under the rule until everyone is served or has left; a WAIT table with one entry a row.

    Calendar 0 of `hours` is the desk's own, in which promises count. Nothing given is changed. Memory: 40 bytes a row
    of `turns`, 72 of the result, 48 more while follow-ups are kept, 16 for each lane and customer under turns.
    """
    _compile_once()
    return _played(turns, rule, crew, hours)


def _played(turns: Table, rule: Rule, crew: Crew, hours: Hours) -> Table:
    wait: Table = np.empty(turns.size, dtype=WAIT).view(np.recarray)
    kept: Table = np.empty(turns.size if rule.keep.size else 1, dtype=KEPT).view(np.recarray)
    play(World(turns, wait, kept, rule, crew._replace(agents=crew.agents.copy()), hours, _desk(rule, crew)))
    return wait


@cache
def _compile_once() -> None:
    """Play one ticket, so that the first of several processes compiles and the others read what it kept."""
    with alone():
        _played(blank(1, TURN), first_come(1), *crew_of(alike(1), 1))
