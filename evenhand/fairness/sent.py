"""Where a group is sent: levels of a column (quarantine, an agent, a team) that it meets more often than others do.

`arises` compares like with like *inside* a level; a level that only one group ever meets has nothing inside to compare.
Its part in the difference is the other half of Kitagawa's (1955) decomposition: the difference of shares, times how much
longer that level takes than everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .comparison import clustered, customers
from .durations import Flags, Floats, Ints, curves

CERTAIN = 1.96  # standard errors


@dataclass(frozen=True)
class Sent:
    """One level: the shares of the group's and the others' tickets in it, with a 95 % interval of the difference.

    `part` is what that difference of shares adds to the group's mean duration, in its unit.
    """

    level: int
    group_tickets: int
    other_tickets: int
    group_share: float
    other_share: float
    low: float
    high: float
    part: float
    group_customers: int = 0
    other_customers: int = 0


def sent(time: Floats, ended: Flags, member: Flags, level: Ints, levels: int, customer: Ints, tau: float) -> list[Sent]:
    """Every level whose share certainly differs between the group (`member`) and all others, largest part first.

    All columns have one entry per ticket; `level` holds codes from 0 to `levels` - 1, and `tau` limits the means.
    """
    mean = _means(time, ended, level, levels, tau)
    found = [_sent(code, member, level == code, customer, mean[code]) for code in range(levels)]
    return sorted((one for one in found if one is not None), key=lambda one: -abs(one.part))


def _means(time: Floats, ended: Flags, level: Ints, levels: int, tau: float) -> Floats:
    """How much longer each level takes than all the others do, in restricted means; 0 where either is empty."""
    found = np.zeros(levels)
    for code in range(levels):
        inside = (level == code).astype(np.int64)
        if 0 < inside.sum() < len(inside):
            outside, within = curves(time, ended, inside, tau).mean
            found[code] = within - outside
    return found


def _sent(code: int, member: Flags, inside: Flags, customer: Ints, longer: float) -> Sent | None:
    group, others = member.sum(), (~member).sum()
    if not group or not others:
        return None
    share, other = float(inside[member].mean()), float(inside[~member].mean())
    pull = np.where(member, (inside - share) / group, -(inside - other) / others)
    error, _ = clustered(pull, customer, np.ones(len(member), dtype=np.bool_))
    low, high = share - other - CERTAIN * error, share - other + CERTAIN * error
    if low <= 0 <= high:
        return None
    counts = int((inside & member).sum()), int((inside & ~member).sum())
    whose = customers(customer, inside & member), customers(customer, inside & ~member)
    return Sent(code, *counts, share, other, low, high, (share - other) * float(longer), *whose)
