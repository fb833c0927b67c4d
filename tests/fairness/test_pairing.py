"""Pairs are of like tickets, near in time, one a customer and week, and signed only when the outcome is known."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.fairness.pairing import DAY, WEEK, pair, pair_answers


def one(opened, time, ended, tau=72.0):
    """A pair of two tickets, the first of the group: its (sign, decided) or None."""
    pairs = pair(
        np.array(opened, float), np.array(time, float), np.array(ended), np.zeros(2, int),
        np.array([True, False]), np.array([0, 1]), tau,
    )  # fmt: skip
    return (int(pairs.sign[0]), float(pairs.decided[0])) if len(pairs.sign) else None


def test_the_faster_wins_once_the_other_has_waited_as_long():
    assert one([0, 10], [5, 20], [True, True]) == (1, 15)
    assert one([0, 10], [20, 5], [True, True]) == (-1, 15)
    assert one([0, 10], [5, 8], [True, False]) == (1, 15)  # the other still waits, longer already


def test_what_nobody_knows_yet_is_no_pair():
    assert one([0, 10], [5, 20], [False, True]) is None
    assert one([0, 10], [5, 20], [False, False]) is None


def test_undecided_by_tau_is_a_draw():
    assert one([0, 10], [100, 200], [True, True]) == (0, 82)
    assert one([0, 10], [100, 200], [False, False]) == (0, 82)


def test_equal_waits_are_a_draw_and_an_end_beats_what_still_waits():
    assert one([0, 10], [5, 5], [True, True]) == (0, 15)
    assert one([0, 10], [5, 5], [True, False]) == (1, 15)


def test_a_yes_or_no_counts_once_both_are_known():
    pairs = pair_answers(
        np.array([0.0, 10]), np.array([True, False]), np.array([5.0, 30]), np.zeros(2, int), np.array([True, False]),
        np.array([0, 1]),
    )  # fmt: skip
    assert (list(pairs.sign), list(pairs.decided)) == ([1], [30.0])


def test_no_pair_over_more_than_a_day():
    assert one([0, 24], [1, 2], [True, True]) is not None
    assert one([0, 24.1], [1, 2], [True, True]) is None


@given(st.integers(0, 10**6), st.integers(2, 120))
@settings(max_examples=80, deadline=None)
def test_the_rules_of_pairing_hold(seed, n):
    rng = np.random.default_rng(seed)
    opened, time, ended = rng.uniform(0, 400, n), rng.exponential(20, n), rng.random(n) < 0.8
    stratum, member, customer = rng.integers(0, 3, n), rng.random(n) < 0.4, rng.integers(0, 30, n)
    pairs = pair(opened, time, ended, stratum, member, customer, 72.0)
    assert member[pairs.group].all()
    assert not member[pairs.other].any()
    assert (stratum[pairs.group] == stratum[pairs.other]).all()
    assert (abs(opened[pairs.group] - opened[pairs.other]) <= DAY).all()
    both = np.concatenate([pairs.group, pairs.other])
    assert len(set(both)) == len(both)
    weeks = list(zip(customer[both], np.floor(opened[both] / WEEK), strict=True))
    assert len(set(weeks)) == len(weeks)
    assert (np.diff(pairs.decided) >= 0).all()


def test_pairs_are_chosen_without_looking_at_outcomes():
    rng = np.random.default_rng(3)
    n = 500
    opened, stratum, member, customer = rng.uniform(0, 900, n), rng.integers(0, 3, n), rng.random(n) < 0.3, np.arange(n)
    chosen = [
        set(zip(pairs.group, pairs.other, strict=True))
        for pairs in (
            pair(opened, rng.exponential(9, n), np.ones(n, dtype=bool), stratum, member, customer, 72.0)
            for _ in range(2)
        )
    ]
    assert chosen[0] == chosen[1]
    assert len(chosen[0]) > 100


def test_those_opened_at_one_instant_find_partners_of_their_own():
    """A file with dates and no time of day: two hundred tickets a day, all at midnight."""
    n = 2000
    opened, member = np.repeat(np.arange(10) * 24.0, 200), np.arange(n) % 2 == 0
    pairs = pair(opened, np.arange(n) % 7 + 1.0, np.ones(n, bool), np.zeros(n, int), member, np.arange(n), 72.0)
    assert len(pairs.sign) == n // 2
    assert (opened[pairs.group] == opened[pairs.other]).all()


def test_a_group_without_others_has_no_pairs():
    everyone = np.ones(5, dtype=bool)
    assert len(pair(np.arange(5.0), np.ones(5), everyone, np.zeros(5, int), everyone, np.arange(5), 9.0).sign) == 0
