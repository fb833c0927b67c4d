"""Which groups are measured one by one, and which are too small and are taken together."""

import numpy as np

from evenhand.audit.tickets import Labels
from evenhand.fairness.verdicts import FEWEST_TICKETS


def measured(column: Labels, largest: int) -> tuple[Labels, list[str]]:
    """The groups to compare, largest first, and sentences on what was taken together.

    Groups with at least 200 tickets stand alone, up to `largest` of them; the others make one group. Where that would
    leave nothing to compare, the largest stand alone however few their tickets: no verdict will follow, and it says so.
    """
    counts = column.counts
    by_size = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    alone = by_size[:largest][counts[by_size[:largest]] >= FEWEST_TICKETS]
    if len(by_size) - len(alone) <= 1 or len(alone) == 0:
        alone = by_size[:largest]
    together = len(by_size) - len(alone)
    if not together:
        return _only(column, column.merged(alone, ""), len(alone)), []
    some = int(counts.sum() - counts[alone].sum())
    name = f"{together:,} smaller ones together"
    said = f"{together:,} of {len(by_size):,} groups are too small to be told apart and are taken together ({some:,} tickets)."
    return _only(column, column.merged(alone, name), len(alone) + 1), [said]


def _only(column: Labels, merged: Labels, names: int) -> Labels:
    """Tickets without a group stay without one."""
    return Labels(np.where(column.codes < 0, -1, merged.codes), merged.names[:names])
