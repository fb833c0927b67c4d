"""Pairs of like tickets, one of the group and one of the others, for the monitor; chosen without looking at outcomes."""

from dataclasses import dataclass

import numpy as np

from evenhand.fairness.durations import Flags, Floats, Ints
from evenhand.fairness.monitor import Signs

DAY, WEEK = 24.0, 168.0  # hours, the unit of every time here
INSTANT = 1e-7  # hours between those that were opened at once
NEIGHBOURS = 6  # of the others' tickets looked at on either side; enough for all but floods


@dataclass(frozen=True)
class Pairs:
    """Decided pairs in the order of their decision."""

    group: Ints  # record numbers
    other: Ints
    sign: Signs  # +1 where the group's ticket was faster
    decided: Floats  # hours, on the clock of `opened`


def pair(opened: Floats, time: Floats, ended: Flags, stratum: Ints, member: Flags, customer: Ints, tau: float) -> Pairs:
    """Pair each ticket of the group once with the nearest in time of the others in its stratum, at most a day apart.

    A customer is in one pair a week at most. `opened`, `time` and `tau` are in hours. What is undecided by `tau` has
    sign 0; what the end of the data leaves undecided before is no pair yet.
    """
    group, other = _matched(opened, stratum, member, customer)
    sign, decided, known = _decided(opened, time, ended, group, other, tau)
    order = np.argsort(decided[known], kind="stable")
    return Pairs(group[known][order], other[known][order], sign[known][order], decided[known][order])


def pair_answers(opened: Floats, yes: Flags, known: Floats, stratum: Ints, member: Flags, customer: Ints) -> Pairs:
    """The same for a yes or no: +1 where it was yes of the group's ticket and no of the other, once both are `known`,
    in hours on the clock of `opened`."""
    group, other = _matched(opened, stratum, member, customer)
    sign = yes[group].astype(np.int8) - yes[other].astype(np.int8)
    decided = np.maximum(known[group], known[other])
    order = np.argsort(decided, kind="stable")
    return Pairs(group[order], other[order], sign[order], decided[order])


def _matched(opened: Floats, stratum: Ints, member: Flags, customer: Ints) -> tuple[Ints, Ints]:
    """Each ticket proposes to its nearest, then to the next nearest; the earlier proposal is accepted."""
    week = np.floor(opened / WEEK).astype(np.int64)
    presence = _codes(customer, week - week.min(initial=0))
    group = _once(np.flatnonzero(member)[np.argsort(opened[member], kind="stable")], presence)
    near = _neighbours(opened, stratum, group, np.flatnonzero(~member))
    taken = np.zeros(len(opened), dtype=bool)
    busy = np.zeros(int(presence.max(initial=0)) + 1, dtype=bool)  # customer-weeks in a pair already
    partner = np.full(len(group), -1)
    for candidates in near.T:
        free = (partner < 0) & (candidates >= 0) & ~busy[presence[group]]
        free &= (~taken[candidates]) & ~busy[presence[candidates]] & (presence[candidates] != presence[group])
        asking = np.flatnonzero(free)
        asking = asking[np.unique(presence[candidates[asking]], return_index=True)[1]]
        # A customer may have tickets on both sides (a plan that changed): not in two pairs of one round.
        asking = asking[~np.isin(presence[candidates[asking]], presence[group[asking]])]
        partner[asking] = candidates[asking]
        taken[candidates[asking]] = True
        busy[presence[group[asking]]] = busy[presence[candidates[asking]]] = True
    matched = partner >= 0
    return group[matched], partner[matched]


def _codes(customer: Ints, week: Ints) -> Ints:
    """A number for each customer and week."""
    return np.asarray(np.unique(customer * (int(week.max(initial=0)) + 1) + week, return_inverse=True)[1])


def _once(tickets: Ints, presence: Ints) -> Ints:
    """The first of the tickets in each customer-week, in the order given."""
    return tickets[np.sort(np.unique(presence[tickets], return_index=True)[1])]


def _neighbours(opened: Floats, stratum: Ints, group: Ints, others: Ints) -> Ints:
    """(group, 2 * NEIGHBOURS) the others' tickets in the same stratum within a day, nearest first; -1 for none."""
    others = others[np.lexsort((opened[others], stratum[others]))]
    if not len(others) or not len(group):
        return np.full((len(group), 1), -1)
    span = opened.max() - opened.min() + 4 * DAY
    keys = _spread(stratum[others] * span + (opened[others] - opened.min()))
    in_order = np.lexsort((opened[group], stratum[group]))
    mine = np.empty(len(group))
    mine[in_order] = _spread((stratum[group] * span + (opened[group] - opened.min()))[in_order])
    around = np.searchsorted(keys, mine)[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS)
    place = np.clip(around, 0, len(others) - 1)
    gap = np.where(around == place, np.abs(keys[place] - mine[:, None]), np.inf)
    nearest = np.argsort(gap, axis=1, kind="stable")
    found = np.take_along_axis(others[place], nearest, axis=1)
    return np.where(np.take_along_axis(gap, nearest, axis=1) <= DAY, found, -1)


def _spread(keys: Floats) -> Floats:
    """Sorted keys with those of one instant a little apart, so that not all of them have the same nearest."""
    place = np.arange(len(keys))
    return np.asarray(keys + (place - np.searchsorted(keys, keys)) * INSTANT)


def _decided(
    opened: Floats, time: Floats, ended: Flags, group: Ints, other: Ints, tau: float
) -> tuple[Signs, Floats, Flags]:
    """The sign of each pair, when it was known, and whether it is.

    A pair is known once the shorter wait has ended and the other has lasted as long, or both have lasted for tau.
    """
    mine, theirs = np.minimum(time[group], tau), np.minimum(time[other], tau)
    shorter = np.minimum(mine, theirs)
    mine_first = ended[group] & (mine < theirs)
    theirs_first = ended[other] & (theirs < mine)
    # At the same instant an end comes before what was still waiting then.
    tie = mine == theirs
    mine_first |= tie & ended[group] & ~ended[other] & (mine < tau)
    theirs_first |= tie & ended[other] & ~ended[group] & (theirs < tau)
    even = tie & ((shorter >= tau) | (ended[group] & ended[other]))
    sign = mine_first.astype(np.int8) - theirs_first.astype(np.int8)
    return sign, np.maximum(opened[group], opened[other]) + shorter, mine_first | theirs_first | even
