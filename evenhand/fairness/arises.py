"""Where a difference arises: which level of a column (channel, hour, agent, team, tag) carries how much of it.

The group's mean wait less the others', like compared with like, is cut into what arises inside each level, and the
rest: having been sent to other levels, and levels too thin to compare (Kitagawa 1955, with the group's mix as weights).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from evenhand.fairness.comparison import ENOUGH_IN_A_CELL, Support, clustered, customers
from evenhand.fairness.durations import Curves, Flags, Floats, Ints, curves


@dataclass(frozen=True)
class Part:
    """One level's part in the difference of mean durations, in the unit of the durations, per ticket of the group."""

    level: int
    group_tickets: int
    other_tickets: int
    difference: float
    low: float  # 95 % interval
    high: float
    group_customers: int = 0


@dataclass(frozen=True)
class Origin:
    """A difference cut up by one column: `total` is the sum of the parts and `elsewhere`."""

    total: float
    parts: list[Part]  # largest first
    elsewhere: float


def gap(time: Floats, ended: Flags, support: Support, tau: float, ascending: bool = False) -> float:
    """The group's mean duration less the others', in like tickets, with the group's mix of strata as weights."""
    (share, gaps), _ = _gaps(curves(time, ended, support.cell, tau, 2 * len(support.weight), ascending), support.member)
    return float(share @ gaps)


def arises(
    time: Floats, ended: Flags, support: Support, level: Ints, levels: int, customer: Ints, tau: float, total: float,
    ascending: bool = False,
) -> Origin:  # fmt: skip
    """Cut `total`, the gap between the group and all others, up by `level` (codes from 0 to `levels` - 1).

    `ascending` says that the durations are sorted already, which saves most of the work.
    """
    member, stratum = support.member, support.stratum
    cell = stratum * levels + level
    curve = curves(time, ended, 2 * cell + member, tau, 2 * len(support.weight) * levels, ascending)
    (share, gaps), influence = _gaps(curve, member)
    by_level = (share * gaps).reshape(-1, levels).sum(axis=0)
    used = share[cell] > 0
    pull = np.where(used, share[cell] * influence * np.where(member, 1, -1), 0.0)
    seen = np.flatnonzero(np.bincount(level[used], minlength=levels))
    parts = [_part(int(k), float(by_level[k]), level, used, member, pull, customer) for k in seen]
    return Origin(total, sorted(parts, key=lambda part: -abs(part.difference)), total - float(by_level.sum()))


def _gaps(curve: Curves, member: Flags) -> tuple[tuple[Floats, Floats], Floats]:
    """(the group's share of tickets, the gap of means) per pair of cells with enough on both sides; the influence."""
    outside, inside = curve.count.reshape(-1, 2).T
    enough = np.minimum(inside, outside) >= ENOUGH_IN_A_CELL
    gaps = np.where(enough, curve.mean[1::2] - curve.mean[::2], 0.0)
    return (np.where(enough, inside / max(int(member.sum()), 1), 0.0), gaps), curve.influence


def _part(k: int, difference: float, level: Ints, used: Flags, member: Flags, pull: Floats, customer: Ints) -> Part:
    here = np.flatnonzero(used & (level == k))
    error, effective = clustered(pull[here], customer[here], used[here])
    half = float(stdtrit(effective - 1, 0.975)) * error if effective > 1 else float("nan")
    group = int(member[here].sum())
    whose = customers(customer[here], member[here])
    return Part(k, group, len(here) - group, difference, difference - half, difference + half, whose)
