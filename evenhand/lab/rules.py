"""Orders of service, each a few numbers. `flat_turns` is the desk's own; its functions are compiled as they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT

from .turns import (
    BY_COLUMN,
    BY_DUE,
    BY_RANK,
    BY_TURNS,
    BY_WEIGHT,
    CLASS,
    KEEP,
    NEVER_KEPT,
    Floats,
    Numbers,
    Rule,
    Table,
    blank,
)

_NONE = np.zeros(1)

Numeric = Sequence[float] | Floats


def _floats(values: Numeric) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _rule(manner: int, classes: int, rank: Numeric = (), promise: Numeric = ()) -> Rule:
    table = blank(classes, CLASS)
    for name, values in (("rank", rank), ("promise", promise)):
        if len(values):
            table[name] = values
    return Rule(manner, table, _NONE, np.zeros(1, dtype=np.int32), _NONE, False)


def never_kept() -> Table:
    """Follow-ups are anybody's at once."""
    return NEVER_KEPT


def kept(promise: Numeric, share: float = KEPT_FOR_THEIR_AGENT) -> Table:
    """Follow-ups wait for the agent who knows the story for a share of the promise, by lane in staffed hours."""
    if share <= 0:
        return NEVER_KEPT
    table = blank(len(promise), KEEP)
    table.promise, table.hours = promise, _floats(promise) * share
    return table


def first_come(classes: int) -> Rule:
    """First come, first served, over all lanes."""
    return _rule(BY_RANK, classes)


def ranked(rank: Numeric) -> Rule:
    """Strictly by the rank of the class, the lowest first; in a class first come, first served."""
    return _rule(BY_RANK, len(rank), rank=rank)


def due_first(promise: Numeric) -> Rule:
    """What is due soonest, each class having its own promise in staffed hours."""
    return _rule(BY_DUE, len(promise), promise=promise)


def by_column(column: Floats, classes: int) -> Rule:
    """By any number a turn, the lowest first: minus the arrival is last come, first served; a random one is random."""
    return _rule(BY_COLUMN, classes)._replace(column=_floats(column))


def flat_turns(customers: int, promise: Numeric) -> Rule:
    """Customers take turns in each lane; between lanes, whose head is due soonest under the one promise by class of need."""
    flow = np.arange(customers, dtype=np.int32)
    return _rule(BY_TURNS, len(promise), promise=promise)._replace(flow=flow, step=np.ones(customers))


def weighted(flow: Numbers, weight: Numeric, promise: Numeric, *, by_class: bool = False) -> Rule:
    """Turns in proportion to weight: while both wait, a flow of weight 3 is served three times for another's once.

    `flow` gives each customer's flow (or each class's, with `by_class`), `weight` the weight of each flow. Start-time
    fair queueing with weights (Goyal, Vin and Cheng 1996), tags given at the head of the flow's row.
    """
    steps = 1.0 / _floats(weight)
    table = np.ascontiguousarray(flow, dtype=np.int32)
    return _rule(BY_WEIGHT, len(promise), promise=promise)._replace(flow=table, step=steps, by_class=by_class)
