"""The tree of RFC 9162, against its recursive definition and known roots."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.fairness.merkle import leaf_hash, proof, proves, root

# The first leaves of the test tree that Certificate Transparency logs are checked with, and their roots.
RECORDS = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243")]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
}
trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def defined(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size):
    assert root([leaf_hash(record) for record in RECORDS[:size]]).hex() == ROOTS[size]


@given(trees)
def test_the_root_is_the_defined_one(records):
    leaves = [leaf_hash(record) for record in records]
    assert root(leaves) == defined(leaves)


@given(trees, st.data())
def test_every_leaf_can_be_proved_and_no_other(records, data):
    leaves = [leaf_hash(record) for record in records]
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = proof(leaves, position)
    assert proves(leaves[position], position, len(leaves), path, root(leaves))
    assert not proves(leaf_hash(b"another"), position, len(leaves), path, root(leaves))
    assert not proves(leaves[position], position, len(leaves), [*path, leaves[0]], root(leaves))
    assert not proves(leaves[position], len(leaves), len(leaves), path, root(leaves))


def test_there_is_no_proof_for_a_leaf_that_is_not_there():
    with pytest.raises(IndexError, match="no leaf 3"):
        proof([leaf_hash(b"a")], 3)
