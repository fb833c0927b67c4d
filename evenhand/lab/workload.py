"""What a desk is asked: tickets with their customers, drawn or recorded once, so that policies differ in order and refusal only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .calendar import WEEK
from .turns import OPENING, Floats, Numbers, Table

MONTH = 365.25 / 12 * 24  # hours


@dataclass(frozen=True)
class Customers:
    """One entry a customer. The lab may know the plan: it exists to show what plans do. The desk never does."""

    plan: Numbers
    seats: Floats
    monthly: Floats  # what they pay a month for the product
    bought: Floats  # hours since time zero, below zero for before

    def __len__(self) -> int:
        return int(self.plan.size)


@dataclass(frozen=True)
class Workload:
    """The turns, who asks them, and what each is called. A turn's class is plan × needs + need."""

    turns: Table
    customers: Customers
    plans: tuple[str, ...]  # from the least paying to the most
    needs: tuple[str, ...]  # from the most urgent to the least
    project: Numbers  # by row
    appetite: Floats  # by row, uniform in (0, 1): how little it takes for this ticket not to be asked at a price
    hours: float  # the stretch in which tickets were opened
    notes: tuple[str, ...] = field(default=())

    @property
    def plan(self) -> Numbers:
        return self.customers.plan[self.turns.customer]

    @property
    def need(self) -> npt.NDArray[np.int16]:
        return self.turns.klass % len(self.needs)  # type: ignore[no-any-return]

    @property
    def opening(self) -> npt.NDArray[np.bool_]:
        return self.turns.kind == OPENING  # type: ignore[no-any-return]

    @property
    def classes(self) -> int:
        return len(self.plans) * len(self.needs)

    @property
    def lanes(self) -> int:
        return int(self.turns.lane.max(initial=0)) + 1

    @property
    def load(self) -> float:
        """Hours of work asked for in a week."""
        return float(self.turns.effort.sum() / max(self.hours, 1e-9) * WEEK)
