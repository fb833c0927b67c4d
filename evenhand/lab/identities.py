"""What must hold exactly on every run, computed from the record by a road that the simulator does not take."""

from __future__ import annotations

import numpy as np

from .turns import KEPT_OUT, OPENING, Floats, Table


def left_at(turns: Table, wait: Table) -> Floats:
    """When each turn stopped waiting, served or not; NaN for one that never began to."""
    return np.where(np.isnan(wait.start), wait.since + turns.patience, wait.start)


def area_under(begins: Floats, ends: Floats) -> float:
    """The integral over time of how many intervals are open, from the sorted events alone."""
    moments = np.concatenate([begins, ends])
    change = np.concatenate([np.ones(begins.size), -np.ones(ends.size)])
    order = np.argsort(moments, kind="stable")
    count = np.cumsum(change[order])
    return float(np.sum(count[:-1] * np.diff(moments[order])))


def littles_law(turns: Table, wait: Table) -> float:
    """The largest relative gap, over classes, between the sum of waits and the integral of the number waiting.

    L = λW over a run that ends empty is an identity, not a limit (Little 1961, Stidham 1974).
    """
    gap = 0.0
    for klass in np.unique(turns.klass):
        mine = (turns.klass == klass) & ~np.isnan(wait.since)
        ends = left_at(turns, wait)[mine]
        waited = float(np.sum(ends - wait.since[mine]))
        gap = max(gap, abs(waited - area_under(wait.since[mine], ends)) / max(waited, 1e-12) if waited > 1e-9 else 0.0)
    return gap


def accounts(turns: Table, wait: Table) -> dict[str, int]:
    """Every opening is served or left, and what follows a service begins to wait once; nothing is left over."""
    opening, out = turns.kind == OPENING, turns.kind == KEPT_OUT
    began, served = ~np.isnan(wait.since), ~np.isnan(wait.start)
    return {
        "arrivals": int(opening.sum()),
        "returns": int((began & ~opening).sum()),
        "served": int(served.sum()),
        "abandoned": int((began & ~served).sum()),
        "refused": int(out.sum()),
        "in_system": int(began.sum() - served.sum() - (began & ~served).sum()) + int((opening & ~began).sum()),
    }


def busiest(wait: Table) -> int:
    """The most sessions of one agent at once: 1 when nobody does two things at a time."""
    served = np.flatnonzero(~np.isnan(wait.start))
    order = served[np.lexsort((wait.finish[served], wait.start[served], wait.agent[served]))]
    same = wait.agent[order[1:]] == wait.agent[order[:-1]]
    overlaps = same & (wait.start[order[1:]] < wait.finish[order[:-1]])
    return 1 + int(overlaps.any()) if served.size else 0


def identities(turns: Table, wait: Table) -> dict[str, float | int | bool]:
    """The identities that need no more than the record; `tests/lab` adds those that compare runs."""
    found = accounts(turns, wait)
    patient = bool(np.all((wait.start <= wait.since + turns.patience) | np.isnan(wait.start)))
    balanced = found["arrivals"] + found["returns"] == found["served"] + found["abandoned"] + found["in_system"]
    gap = littles_law(turns, wait)
    holds = balanced and patient and gap < 1e-6 and busiest(wait) <= 1
    return found | {"littles_law_gap": gap, "nobody_served_after_leaving": patient, "hold": holds}
