"""Groups of so few customers that a figure about the group would be about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evenhand.audit.figures import FEWEST_CUSTOMERS
from evenhand.audit.tickets import Labels, Tickets
from evenhand.fairness.durations import Ints

TOGETHER = "groups of few customers"


def gathered(tickets: Tickets) -> tuple[Tickets, list[str]]:
    """The tickets with small groups taken together, before anything is counted, and sentences on it.

    Where even together they are too few, their tickets are measured with no group: what is left out of some figures and
    stands in others could be worked out.
    """
    groups, notes = {}, []
    for by, column in tickets.groups.items():
        groups[by], small, kept = _gathered(column, tickets.customer)
        if small:
            many = "one group has" if small == 1 else f"{small} groups have"
            so = f"{'is' if small == 1 else 'are'} {'taken together' if kept else 'left out'}"
            notes.append(f"{by.capitalize()}: {many} fewer than {FEWEST_CUSTOMERS} customers and {so}.")
    return replace(tickets, groups=groups), notes


def _gathered(column: Labels, customer: Ints) -> tuple[Labels, int, bool]:
    """The column with its small groups together, how many were small, and whether they are enough together."""
    whose = [np.unique(customer[column.codes == code]) for code in range(len(column.names))]
    large = np.array([code for code, each in enumerate(whose) if len(each) >= FEWEST_CUSTOMERS], dtype=np.int64)
    small = [each for code, each in enumerate(whose) if code not in large and len(each)]
    if not small:
        return column, 0, True
    kept = len(np.unique(np.concatenate(small))) >= FEWEST_CUSTOMERS
    merged = column.merged(large, TOGETHER)
    away = (column.codes < 0) | (not kept and merged.codes == len(large))
    return Labels(np.where(away, -1, merged.codes), merged.names if kept else merged.names[:-1]), len(small), kept
