"""Merkle trees of RFC 9162 (Certificate Transparency 2.0) §2.1: a root for many records, and a short proof for one.

All with SHA-256. Leaves and nodes are hashed with different prefixes, so that neither can pass for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(record: bytes) -> bytes:
    """The hash of one record."""
    return sha256(b"\0" + record).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing (§2.1.1)."""
    if not leaves:
        return sha256(b"").digest()
    # Level by level, a last odd one is carried up: the same tree as the recursive definition, without its depth.
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def proof(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes with which the leaf at `position` makes the root, the nearest first (§2.1.3.1). Raises IndexError."""
    if not 0 <= position < len(leaves):
        raise IndexError(f"There is no leaf {position} in a tree of {len(leaves)}.")
    path, level = [], list(leaves)
    while len(level) > 1:
        if (beside := position ^ 1) < len(level):
            path.append(level[beside])
        paired = [_node(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
        position //= 2
    return path


def proves(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` leads from `leaf` at `position` in a tree of `size` to the root `expected` (§2.1.3.2)."""
    if not 0 <= position < size:
        return False
    here, last, result = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = _node(step, result)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            result = _node(result, step)
        here, last = here >> 1, last >> 1
    return last == 0 and result == expected
