"""How far each turn was treated worse or better than its share: RAQFM, and overtakes.

RAQFM (Raz, Levy and Avi-Itzhak 2004): of the work being done at a moment, each of the N turns present deserves an
N-th. A turn's discrimination is what it got minus what it deserved while present; the sum over all turns is zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .compiled import allocating
from .hours import staffed_between
from .identities import left_at
from .idle import shifts
from .turns import Crew, Floats, Hours, Table


def _deserved(turns: Table, wait: Table, crew: Crew, hours: Hours) -> tuple[Floats, Floats]:
    """(moments, hours of work deserved since time zero by somebody always present)."""
    served = ~np.isnan(wait.start)
    present = ~np.isnan(wait.since)
    gone = np.where(served, wait.finish, left_at(turns, wait))[present]
    moments, here, work = (
        [wait.since[present], gone],
        [np.ones(gone.size), -np.ones(gone.size)],
        [np.zeros(gone.size)] * 2,
    )
    until = float(np.nanmax(gone)) if gone.size else 0.0
    for agent in range(crew.agents.size):
        mine = np.flatnonzero(served & (wait.agent == agent))
        opens, closes = shifts(hours, int(crew.agents[agent].calendar), until)
        changes = np.concatenate([wait.start[mine], wait.finish[mine], opens, closes])
        both = np.concatenate(
            [np.ones(mine.size), -np.ones(mine.size), np.full(opens.size, 2.0), np.full(closes.size, -2.0)]
        )
        order = np.argsort(changes, kind="stable")
        active = (np.cumsum(both[order]) == 3.0).astype(float)
        moments.append(changes[order])
        work.append(np.diff(active, prepend=0.0))
        here.append(np.zeros(changes.size))
    at = np.concatenate(moments)
    order = np.argsort(at, kind="stable")
    count, busy = np.cumsum(np.concatenate(here)[order]), np.cumsum(np.concatenate(work)[order])
    share = np.divide(busy, count, out=np.zeros(at.size), where=count > 0)
    return at[order], np.concatenate([[0.0], np.cumsum(share[:-1] * np.diff(at[order]))])


def discrimination(turns: Table, wait: Table, crew: Crew, hours: Hours) -> Floats:
    """Hours of work each turn got beyond its share; below zero is worse than fair, NaN for a turn that never began."""
    moments, deserved = _deserved(turns, wait, crew, hours)
    served = ~np.isnan(wait.start)
    gone = np.where(served, wait.finish, left_at(turns, wait))
    got = np.zeros(turns.size)
    for agent in range(crew.agents.size):
        mine = served & (wait.agent == agent)
        got[mine] = staffed_between(hours, int(crew.agents[agent].calendar), wait.start[mine], wait.finish[mine])
    return got - (np.interp(gone, moments, deserved) - np.interp(wait.since, moments, deserved))


@allocating
def _count_overtakes(order: npt.NDArray[np.int64], position: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    tree = np.zeros(size + 1, dtype=np.int64)  # a Fenwick tree over positions in the order of starts
    found = np.zeros(order.size, dtype=np.int64)
    for i in range(order.size - 1, -1, -1):  # from the last who asked
        row = order[i]
        at = position[row]
        while at > 0:
            found[row] += tree[at]
            at -= at & -at
        at = position[row] + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return found


def overtakes(since: Floats, start: Floats) -> npt.NDArray[np.int64]:
    """For each turn, how many asked strictly later and were started strictly sooner. Both in hours, without NaN.

    Give `start` as the moment of leaving for who left, and infinity for nobody: the count is of those who went first.
    """
    asked = np.lexsort((start, since)).astype(np.int64)
    rank = np.unique(start, return_inverse=True)[1].astype(np.int64)
    # Equal askers do not overtake one another: order them so that the earlier start is counted first.
    return _count_overtakes(asked, rank, int(rank.max(initial=0)) + 1)
