"""Comparisons against statsmodels' cluster-robust errors, brute force and hand-worked cases."""

from itertools import product
from math import exp, log

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import t as student

from evenhand.fairness.comparison import Comparison, Support, clustered, compare_shares, faster_less_slower
from evenhand.fairness.comparison import compare_durations as of_curve
from evenhand.fairness.comparison import compare_within as within_of_curve
from evenhand.fairness.durations import curves


def compare_durations(time, ended, support, customer, tau):
    return of_curve(curves(time, ended, support.cell, tau, 2 * len(support.weight)), support, customer)


def compare_within(time, ended, support, customer, limit):
    curve = curves(time, ended, support.cell, 2 * limit, 2 * len(support.weight))
    return within_of_curve(curve, support, customer, limit)


def desk(rng, n=3000, customers=200, strata=4, slower=1.0):
    customer = rng.integers(0, customers, n)
    member = customer % 4 == 0
    stratum = np.where(rng.random(n) < np.where(member, 0.7, 0.3), strata - 1, rng.integers(0, strata, n))
    time = rng.lognormal(stratum * 0.8 + rng.normal(0, 0.3, customers)[customer], 1.0) * np.where(member, slower, 1.0)
    return time, customer, member, stratum


def test_shares_have_the_cluster_robust_error_of_a_regression():
    time, customer, member, _ = desk(np.random.default_rng(1))
    yes, one = time > 3, np.zeros(len(time), dtype=int)
    mine = compare_shares(yes, Support.common(one, member, 1), customer)
    fit = sm.OLS(yes.astype(float), sm.add_constant(member.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": customer, "use_correction": False}
    )
    assert mine.value == pytest.approx(fit.params[1])
    assert mine.error == pytest.approx(fit.bse[1] * np.sqrt(200 / 199))
    assert (mine.tickets, mine.group_tickets, mine.covered) == (3000, member.sum(), 1.0)


def test_within_is_the_share_when_nothing_is_censored():
    time, customer, member, stratum = desk(np.random.default_rng(2))
    support = Support.common(stratum, member, 4)
    within = compare_within(time, np.ones(len(time), dtype=bool), support, customer, 3.0)
    share = compare_shares(time <= 3.0, support, customer)
    assert within.value == pytest.approx(share.value)
    assert within.error == pytest.approx(share.error)


def test_the_ratio_compares_like_with_like():
    """The group has the harder mix and is served just the same: unadjusted it looks slower, adjusted it does not."""
    time, customer, member, stratum = desk(np.random.default_rng(3), n=40_000, customers=2000)
    ended = np.ones(len(time), dtype=bool)
    plain = compare_durations(time, ended, Support.common(stratum * 0, member, 1), customer, 100.0)
    adjusted = compare_durations(time, ended, Support.common(stratum, member, 4), customer, 100.0)
    assert plain.value > 1.3
    low, high = adjusted.interval(0.99)
    assert low < 1 < high
    assert adjusted.error < 0.06


def test_the_interval_is_the_one_written_down():
    wide = Comparison("ratio", 3.0, 2.0, 900.0, 1.5, 1000, 300, 1.0)
    assert wide.interval(0.95) == (0.0, float("inf"))
    comparison = Comparison("ratio", 3.0, 2.0, 0.1, 21.0, 1000, 300, 1.0)
    half = student.ppf(0.95, 20) * 0.1
    assert comparison.interval(0.90) == pytest.approx((1.5 * exp(-half), 1.5 * exp(half)))
    assert comparison.p_value == pytest.approx(2 * student.sf(log(1.5) / 0.1, 20))


def test_nothing_to_compare_has_no_interval():
    empty = compare_shares(
        np.ones(30, dtype=bool), Support.common(np.zeros(30, dtype=int), np.arange(30) < 5, 1), np.arange(30)
    )
    assert empty.tickets == 0
    assert np.isnan(empty.interval(0.9)).all()
    assert empty.p_value == 1.0


def test_two_waits_of_nothing_have_no_ratio():
    """Not an endless one, as `inf` in a table would say."""
    nothing = Comparison("ratio", 0.0, 0.0, 0.0, 0.0, 500, 250, 1.0)
    assert np.isnan(nothing.value)
    assert nothing.p_value == 1.0
    assert Comparison("ratio", 1.0, 1.0, 900.0, 20.0, 500, 250, 1.0).interval(0.9) == (0.0, np.inf)


def test_strata_without_ten_on_both_sides_do_not_count():
    stratum = np.repeat([0, 1], [40, 29])
    member = np.concatenate([np.arange(40) < 20, np.arange(29) < 9])
    support = Support.common(stratum, member, 2)
    assert support.weight == pytest.approx([1.0, 0.0])
    comparison = compare_shares(np.arange(69) % 2 == 0, support, np.arange(69))
    assert (comparison.tickets, comparison.group_tickets) == (40, 20)
    assert comparison.covered == pytest.approx(40 / 69)


def test_effective_customers():
    pull, used = np.array([3.0, -1.0, 1.0, -1.0, 1.0, 0.0]), np.array([True, True, True, True, True, False])
    error, effective = clustered(pull, np.array([0, 0, 1, 2, 3, 4]), used)
    assert error == pytest.approx(np.sqrt(4 / 3 * (4 + 1 + 1 + 1)))
    assert effective == pytest.approx(7**2 / (16 + 1 + 1 + 1))


def test_intervals_cover_as_often_as_they_say():
    """The true ratio is 1; with a customer effect, nine 90 % intervals in ten hold it."""
    rng, covered = np.random.default_rng(7), 0
    for _ in range(200):
        time, customer, member, stratum = desk(rng, n=1200)
        closed = rng.exponential(30, len(time))
        comparison = compare_durations(
            np.minimum(time, closed), time <= closed, Support.common(stratum, member, 4), customer, 15.0
        )
        low, high = comparison.interval(0.90)
        covered += low < 1 < high
    assert 0.82 < covered / 200 < 0.97


def test_faster_less_slower_is_a_count_over_pairs():
    rng = np.random.default_rng(8)
    time, ended, member = rng.integers(1, 9, 60).astype(float), rng.random(60) < 0.7, np.arange(60) % 3 == 0
    stratum = np.arange(60) // 30
    expected = 0.0
    for s in range(2):
        here, there = np.flatnonzero((stratum == s) & member), np.flatnonzero((stratum == s) & ~member)
        pairs = list(product(here, there))
        first = sum(ended[i] and (time[j] > time[i] or (time[j] == time[i] and not ended[j])) for i, j in pairs)
        second = sum(ended[j] and (time[i] > time[j] or (time[i] == time[j] and not ended[i])) for i, j in pairs)
        expected += (first - second) / len(pairs) / 2
    both = curves(time, ended, stratum, 100.0, 2)
    assert faster_less_slower(both, Support.common(stratum, member, 2)) == pytest.approx(expected)
