"""Who comes first, in two shapes: pairing heaps threaded through the turns, and a tournament over the agents.

The heaps (Fredman, Sedgewick, Sleator and Tarjan 1986) need two links a turn and no other memory, however many lanes
there are. They compare with the desk's own `comes_before`.
"""

import numpy as np
import numpy.typing as npt

from evenhand.fairness import turns as fair

from .compiled import part
from .turns import NOBODY, Floats, Table

comes_before = part(fair.comes_before)


@part
def is_before(wait: Table, a: int, b: int) -> bool:
    return comes_before(wait[a].key, wait[a].place, wait[a].number, wait[b].key, wait[b].place, wait[b].number)


@part
def meld(wait: Table, a: int, b: int) -> int:
    """One heap of two, by their roots; NOBODY is the empty heap."""
    if a < 0:
        return b
    if b < 0:
        return a
    if is_before(wait, b, a):
        a, b = b, a
    wait[b].sibling = wait[a].child
    wait[a].child = b
    return a


@part
def push(wait: Table, root: int, row: int) -> int:
    """The heap with `row` in it."""
    wait[row].child = NOBODY
    wait[row].sibling = NOBODY
    return meld(wait, root, row)


@part
def without_first(wait: Table, root: int) -> int:
    """The heap without its root: melded in pairs, then the pairs from last to first."""
    rest = wait[root].child
    pairs = NOBODY
    while rest >= 0:
        a = rest
        b = wait[a].sibling
        rest = NOBODY
        if b >= 0:
            rest = wait[b].sibling
            wait[b].sibling = NOBODY
        wait[a].sibling = NOBODY
        a = meld(wait, a, b)
        wait[a].sibling = pairs
        pairs = a
    root = NOBODY
    while pairs >= 0:
        following = wait[pairs].sibling
        wait[pairs].sibling = NOBODY
        root = meld(wait, root, pairs)
        pairs = following
    return root


@part
def replay_matches(when: Floats, winner: npt.NDArray[np.int32], agent: int) -> None:
    """Play the matches above `agent` again after `when[agent]` changed; `winner[1]` is whose event is next, ties to the
    lower number. `when` has a power of two entries, as many as `winner` has inner nodes."""
    node = (agent + when.size) >> 1
    while node >= 1:
        left, right = winner[2 * node], winner[2 * node + 1]
        winner[node] = right if when[right] < when[left] else left
        node >>= 1
