"""How long things take when some have not ended yet: Kaplan–Meier, the restricted mean and its influence values.

Everything is worked out for many cells (stratum and group) at once. A record is a duration, whether its end was
observed (else it is censored: at least so long), and the code of its cell.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Curves:
    """The Kaplan–Meier curve of every cell up to `tau`, one entry per distinct time ("point"), cell by cell."""

    tau: float
    count: Ints  # (cells,) records
    order: Ints  # (n,) the records by cell, then time
    point: Ints  # (n,) the point of each record, in that order
    ended: Flags  # (n,) whether the record ended by tau, in that order
    cell: Ints  # (points,)
    time: Floats  # (points,)
    at_risk: Floats  # (points,) Y
    events: Floats  # (points,) dN

    @cached_property
    def opening(self) -> Ints:
        """(cells,) the first point of each cell; meaningless where a cell is empty."""
        return np.searchsorted(self.cell, np.arange(len(self.count)))

    @cached_property
    def closing(self) -> Ints:
        """(cells,) the last point of each cell."""
        return np.searchsorted(self.cell, np.arange(len(self.count)), side="right") - 1

    @cached_property
    def survival(self) -> Floats:
        """(points,) S just after each time: the product of 1 - dN/Y."""
        none_left = self.events >= self.at_risk
        steps = np.log1p(-np.where(none_left, 0.0, self.events / self.at_risk))
        return np.where(none_left, 0.0, np.exp(self._since_opening(steps)))

    @cached_property
    def remaining(self) -> Floats:
        """(points,) R, the area under S from each time to tau. A curve that ends before tau is carried on as it stands."""
        until = np.append(self.time[1:], self.tau)
        until[self.closing[self.count > 0]] = self.tau
        area = self.survival * (until - self.time)
        total = np.cumsum(area)
        return np.asarray(total[self.closing[self.cell]] - total + area, dtype=np.float64)

    @cached_property
    def mean(self) -> Floats:
        """(cells,) the restricted mean, the area under S from 0 to tau; nan where a cell is empty."""
        inside = self.count > 0
        mean = np.full(len(self.count), np.nan)
        first = self.opening[inside]
        mean[inside] = self.time[first] + self.remaining[first]
        return mean

    @cached_property
    def influence(self) -> Floats:
        """(n,) phi of the restricted mean, in the order the records were given; it sums to nothing in each cell.

        phi_i = -[ ended_i R(T_i)/Y(T_i) - sum over t_k <= T_i of R_k dN_k / Y_k² ]
        """
        weight = self.remaining / self.at_risk
        so_far = self._since_opening(weight * self.events / self.at_risk)
        return self._given(so_far[self.point] - self.ended * weight[self.point])

    def within(self, limit: float) -> tuple[Floats, Floats]:
        """(cells,) the share that ended within `limit` (at most tau), 1 - S(limit), and (n,) its influence values.

        The derivative of the product limit in each record's weight; with nothing censored it is (y - mean of y) / n.
        """
        reached = np.searchsorted(self.time + self.cell * (2 * self.tau + 1), self._keys(limit), side="right") - 1
        inside = (reached >= self.opening) & (self.count > 0)
        left = np.where(inside, self.survival[np.maximum(reached, 0)], 1.0)
        early = self.time <= limit
        after = self.at_risk - self.events
        step = np.where(early & (after > 0), 1 / np.where(after > 0, after, 1), 0.0)
        so_far = self._since_opening(step * self.events / self.at_risk)
        log_change = so_far[self.point] - self.ended * step[self.point]
        share = np.where(self.count > 0, 1 - left, np.nan)
        return share, self._given(-left[self.cell[self.point]] * log_change)

    def _keys(self, limit: float) -> Floats:
        return np.asarray(limit + np.arange(len(self.count)) * (2 * self.tau + 1), dtype=np.float64)

    def _since_opening(self, steps: Floats) -> Floats:
        """Running sums of `steps` that begin anew in each cell."""
        total = np.cumsum(steps)
        first = self.opening[self.cell]
        return np.asarray(total - total[first] + steps[first], dtype=np.float64)

    def _given(self, values: Floats) -> Floats:
        given = np.empty(len(values))
        given[self.order] = values
        return given


def curves(
    time: Floats, ended: Flags, cell: Ints, tau: float, cells: int | None = None, ascending: bool = False
) -> Curves:
    """Kaplan–Meier per cell of n durations (0 or more, one unit throughout), restricted to `tau` in the same unit.

    `cell` holds codes from 0 to `cells` - 1. `ascending` says that the durations are sorted already, which saves most of
    the work where one set of them is looked at in many ways. Raises ValueError for negative or missing durations and for a `tau` of 0.
    """
    if not tau > 0:
        raise ValueError(f"The longest duration looked at must be more than nothing, not {tau}.")
    if len(time) and not time.min() >= 0:
        raise ValueError("A duration is negative or missing; set such records aside first.")
    cell = _narrow(cell)
    by_time = None if ascending else np.argsort(time, kind="stable")
    order = np.argsort(cell, kind="stable") if by_time is None else by_time[np.argsort(cell[by_time], kind="stable")]
    exact, in_cell = time[order], cell[order]
    at, happened = np.minimum(exact, tau), ended[order] & (exact <= tau)
    count = np.bincount(cell, minlength=cells or 0)
    new = np.ones(len(at), dtype=bool)
    new[1:] = (at[1:] != at[:-1]) | (in_cell[1:] != in_cell[:-1])
    first = np.flatnonzero(new)
    events = np.add.reduceat(happened, first, dtype=np.float64) if len(at) else np.empty(0)
    at_risk = (np.cumsum(count)[in_cell[first]] - first).astype(np.float64)
    return Curves(
        tau, count, order, np.cumsum(new) - 1, happened, in_cell[first].astype(np.int64), at[first], at_risk, events
    )


def _narrow(codes: Ints) -> Ints:
    """Codes in the smallest type: numpy sorts 16 bits in linear time."""
    return codes.astype(np.int16) if len(codes) and codes.max() < 2**15 else codes
