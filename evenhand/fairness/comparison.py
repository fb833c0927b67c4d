"""One group beside all the others, with like compared with like: a ratio of restricted means, or a difference of shares.

Strata are what the desk knew before it could see the plan. Intervals hold whatever the dependence between tickets of
one customer (influence values summed by customer), and t quantiles with the effective number of customers
G* = (sum of G²)² / sum of G⁴ keep them honest where a few customers carry most of the weight.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, inf, log, nan, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from evenhand.fairness.durations import Curves, Flags, Floats, Ints

LARGEST = 700.0  # logarithm of a ratio that a number can hold
ENOUGH_IN_A_CELL = 10  # tickets on both sides, for a stratum to count


@dataclass(frozen=True)
class Comparison:
    """A group's figure against all others': on the log scale for a ratio, plain for a difference of shares."""

    scale: str  # "ratio" or "difference"
    group: float  # the group's restricted mean or share, standardised over the strata
    others: float
    error: float  # standard error, on the log scale for a ratio
    effective: float  # G*
    tickets: int  # in common support
    group_tickets: int
    covered: float  # share of all tickets that are in common support
    group_customers: int = 0  # whose tickets in common support are
    other_customers: int = 0

    @cached_property
    def estimate(self) -> float:
        """log of the ratio, or the difference; nan where there is nothing to compare."""
        if self.scale == "difference":
            return self.group - self.others
        return log(self.group / self.others) if self.group > 0 and self.others > 0 else nan

    @property
    def value(self) -> float:
        """The ratio, or the difference."""
        return self._shown(self.estimate)

    def interval(self, confidence: float) -> tuple[float, float]:
        """The two-sided interval of the ratio or difference; (nan, nan) where there is none."""
        if not self.effective > 1 or not self.error > 0:
            return (nan, nan)
        half = float(stdtrit(self.effective - 1, (1 + confidence) / 2)) * self.error
        return self._shown(self.estimate - half), self._shown(self.estimate + half)

    @cached_property
    def p_value(self) -> float:
        """Two-sided, of no difference; 1 where there is nothing to go by."""
        if not self.effective > 1 or not self.error > 0 or self.estimate != self.estimate:
            return 1.0
        return float(2 * stdtr(self.effective - 1, -abs(self.estimate) / self.error))

    @property
    def mirrored(self) -> "Comparison":
        """All others beside the group: the same comparison from the other side."""
        return replace(
            self,
            group=self.others,
            others=self.group,
            group_tickets=self.tickets - self.group_tickets,
            group_customers=self.other_customers,
            other_customers=self.group_customers,
        )

    def _shown(self, estimate: float) -> float:
        if self.scale == "difference":
            return estimate
        return inf if estimate >= LARGEST else exp(estimate)  # a few customers can leave an interval of any width


@dataclass(frozen=True)
class Support:
    """Which tickets have their like on the other side, and how much each stratum counts."""

    stratum: Ints
    member: Flags
    weight: Floats  # (strata,) n_s / n over the strata with enough on both sides, else 0

    @classmethod
    def common(cls, stratum: Ints, member: Flags, strata: int) -> "Support":
        """The strata with at least ten tickets in the group and ten outside it."""
        inside = np.bincount(stratum[member], minlength=strata)
        outside = np.bincount(stratum[~member], minlength=strata)
        size = np.where(np.minimum(inside, outside) >= ENOUGH_IN_A_CELL, inside + outside, 0)
        return cls(stratum, member, size / max(size.sum(), 1))

    @property
    def cell(self) -> Ints:
        """(n,) 2 * stratum, plus 1 in the group."""
        return 2 * self.stratum + self.member

    @cached_property
    def share(self) -> Floats:
        """(n,) the weight of each ticket's stratum."""
        return self.weight[self.stratum]

    def standardised(self, figure: Floats) -> tuple[float, float]:
        """A figure per cell, averaged over the strata: in the group, outside it."""
        used = self.weight > 0
        by_side = figure.reshape(-1, 2)[used]
        outside, inside = self.weight[used] @ by_side if used.any() else (nan, nan)
        return float(inside), float(outside)

    def compared(self, scale: str, figure: Floats, influence: Floats, customer: Ints) -> Comparison:
        """The comparison of a figure per cell with the influence values of each ticket on it."""
        group, others = self.standardised(figure)
        up, down = (1 / group, 1 / others) if scale == "ratio" and group > 0 and others > 0 else (1.0, 1.0)
        used = self.share > 0
        pull = np.where(used, self.share * influence * np.where(self.member, up, -down), 0.0)
        error, effective = clustered(pull, customer, used)
        tickets = int(used.sum())
        return Comparison(
            scale,
            group,
            others,
            error,
            effective,
            tickets,
            int((used & self.member).sum()),
            tickets / max(len(used), 1),
            customers(customer, used & self.member),
            customers(customer, used & ~self.member),
        )


def customers(customer: Ints, which: Flags) -> int:
    """How many customers these tickets are of."""
    return int(np.count_nonzero(np.bincount(customer[which])))


def clustered(pull: Floats, customer: Ints, used: Flags) -> tuple[float, float]:
    """The standard error of a sum of influence values that is free inside customers, and the effective number of them.

    SE² = J/(J-1) * sum of G², G the sums by customer.
    """
    by_customer = np.bincount(customer, pull)
    many = int((np.bincount(customer, used) > 0).sum())
    squares = by_customer**2
    total, fourth = float(squares.sum()), float((squares**2).sum())
    if many < 2 or fourth == 0:
        return 0.0, 0.0
    return sqrt(many / (many - 1) * total), total**2 / fourth


def compare_durations(curve: Curves, support: Support, customer: Ints) -> Comparison:
    """The ratio of the restricted mean duration in the group to that of all others; `curve` is by `support.cell`."""
    return support.compared("ratio", curve.mean, curve.influence, customer)


def compare_within(curve: Curves, support: Support, customer: Ints, limit: float) -> Comparison:
    """The difference in the share that ended within `limit` (at most tau), the group's less the others'."""
    share, influence = curve.within(limit)
    return support.compared("difference", share, influence, customer)


def compare_shares(yes: Flags, support: Support, customer: Ints) -> Comparison:
    """The difference in the share of yes, the group's less the others'. phi_i = (y_i - mean of y) / n in each cell."""
    cell, cells = support.cell, 2 * len(support.weight)
    count = np.bincount(cell, minlength=cells)
    share = np.bincount(cell, yes, minlength=cells) / np.maximum(count, 1)
    return support.compared("difference", share, (yes - share[cell]) / count[cell], customer)


def faster_less_slower(both: Curves, support: Support) -> float:
    """P(group faster) - P(group slower) for two tickets of one stratum, averaged over strata; undecided pairs count 0.

    `both` is by `support.stratum`, over both sides together.
    """
    strata, points = len(support.weight), len(both.time)
    inside = support.member[both.order]
    ending, risk, size = [], [], []
    for side in (inside, ~inside):
        size.append(np.bincount(both.cell[both.point[side]], minlength=strata))
        ending.append(np.bincount(both.point[side & both.ended], minlength=points))
        risk.append(_at_risk(both.point[side], both.cell, size[-1]))
    lead = ending[0] * (risk[1] - ending[1]) - ending[1] * (risk[0] - ending[0])
    by_stratum = np.bincount(both.cell, lead, minlength=strata) / np.maximum(size[0] * size[1], 1)
    return float(support.weight @ by_stratum)


def _at_risk(point: Ints, stratum: Ints, size: Ints) -> Floats:
    """(points,) how many of one side have not ended before each point."""
    here = np.bincount(point, minlength=len(stratum))
    return np.asarray(np.cumsum(size)[stratum] - np.cumsum(here) + here, dtype=np.float64)
