"""Like with like: tickets of one stratum asked for the same kind of thing, as far as the desk could tell at once."""

import numpy as np

from evenhand.audit.tickets import NONE, Labels, Tickets
from evenhand.fairness.durations import Ints

LEVELS = 12  # of one column; the rarer ones together are one more
FEWEST = 50  # tickets; thinner combinations fall back on fewer columns


def coarse(column: Labels) -> Labels:
    """The commonest levels of a column, and one for the rest."""
    counts = column.counts
    keep = np.argsort(-counts, kind="stable")[:LEVELS]
    keep = keep[counts[keep] >= FEWEST]
    return column.merged(keep, NONE if len(keep) == len(column.names) else "all others")


def stratum_of(tickets: Tickets) -> tuple[Ints, int]:
    """A stratum code per ticket, and how many there are.

    Combinations of all columns, fixed by how many tickets they have and never by plan or outcome; those with fewer
    than fifty fall back on all columns but the last, and so on down to none.
    """
    columns = [coarse(column) for column in tickets.strata.values()]
    code = np.zeros(len(tickets), dtype=np.int64)
    levels = [code]
    for column in columns:
        code = np.unique(code * len(column.names) + column.codes, return_inverse=True)[1]
        levels.append(code)
    found = np.full(len(tickets), -1)
    used = 0
    for code in reversed(levels):
        size = np.bincount(code[found < 0], minlength=int(code.max(initial=0)) + 1)
        enough = (found < 0) & ((size >= FEWEST)[code] | (code is levels[0]))
        found[enough] = np.unique(code[enough], return_inverse=True)[1] + used
        used = int(found.max(initial=-1)) + 1
    return found, used
