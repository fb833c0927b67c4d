"""The monitor against the recursions as they are written down, and what it is worth, by simulation."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.fairness.monitor import (
    ALPHA,
    BETS,
    alarm,
    broken,
    certificate,
    first_at,
    together,
    watch,
)

RED = -log(ALPHA)


def signs(rng, n, faster=0.5):
    return np.where(rng.random(n) < faster, 1, -1).astype(np.int8)


def test_each_reading_is_the_recursion_written_down():
    d = np.random.default_rng(1).integers(-1, 2, 60).astype(np.int8)
    product, detector = np.ones((2, 4)), np.zeros((2, 4))
    above, below = np.ones(4), np.ones(4)
    for t, step in enumerate(d):
        for k, bet in enumerate(BETS):
            for side, sign in enumerate((step, -step)):
                factor = 1 + bet / 1.05 * (sign - 0.05)
                product[side, k] *= factor
                detector[side, k] = (detector[side, k] + 1) * factor
            above[k] *= 1 + bet / 1.1 * (0.1 - step)
            below[k] *= 1 + bet / 1.1 * (0.1 + step)
        assert exp(alarm(d)[t]) == pytest.approx(product.mean())
        assert exp(broken(d)[t]) == pytest.approx(detector.mean())
        assert exp(certificate(d)[t]) == pytest.approx(min(above.mean(), below.mean()))


def test_false_alarms_stay_below_five_percent():
    rng = np.random.default_rng(2)
    rang = [first_at(alarm(signs(rng, 2000), slack=0.0), RED) is not None for _ in range(300)]
    assert np.mean(rang) < 0.08


def test_a_certificate_takes_about_a_thousand_pairs():
    rng = np.random.default_rng(3)
    at = [watch(signs(rng, 4000)).certificate_at or 4000 for _ in range(100)]
    assert 900 < np.median(at) < 1300


def test_there_is_no_certificate_for_a_group_that_is_favoured():
    rng = np.random.default_rng(4)
    assert not any(watch(signs(rng, 2000, 0.6)).certificate_at for _ in range(30))


def test_a_break_is_caught_soon_and_a_plain_process_takes_long():
    rng = np.random.default_rng(5)
    late = []
    for _ in range(40):
        seen = watch(np.concatenate([signs(rng, 3000), signs(rng, 3000, 0.7)]))
        late.append(((seen.break_at or 6000) - 3000, (seen.alarm_at or 6000) - 3000))
    soon, plain = np.median(late, axis=0)
    assert 50 < soon < 130
    assert plain > 700


def test_both_directions_are_seen():
    assert watch(np.ones(100, dtype=np.int8)).alarm_at == watch(-np.ones(100, dtype=np.int8)).alarm_at == 16


def test_ties_alone_say_nothing_but_that_nobody_is_ahead():
    seen = watch(np.zeros(500, dtype=np.int8))
    assert seen.alarm_at is None
    assert seen.certificate_at is not None


@pytest.mark.parametrize(
    ("logs", "at", "weight", "moment"),
    [
        ([[2.0], [6.0]], [[1.0], [1.0]], [0.5, 0.5], 1.0),  # (2 + 6) / 2 = 4
        ([[2.0], [5.9]], [[1.0], [1.0]], [0.5, 0.5], None),
        ([[2.0], [6.0]], [[1.0], [3.0]], [0.5, 0.5], 3.0),
        ([[7.0], [6.0]], [[1.0], [3.0]], [0.5, 0.5], 1.0),  # the second has not begun, and is 1
        ([[9.0, 1.0], [0.1, 8.0]], [[1.0, 2.0], [0.5, 3.0]], [0.5, 0.5], 1.0),
        ([[6.9, 0.1], [0.1, 7.9]], [[1.0, 2.0], [0.5, 3.0]], [0.5, 0.5], 3.0),  # what was won may be lost again
        ([[5.0], [1e300]], [[1.0], [2.0]], [0.9, 0.1], 1.0),
        ([[4.0], [1e300]], [[1.0], [2.0]], [0.9, 0.1], 2.0),  # 0.9 * 4 + 0.1 = 3.7
        ([[], []], [[], []], [0.5, 0.5], None),
    ],
)
def test_several_together_are_their_weighted_mean(logs, at, weight, moment):
    readings = [np.log(np.array(values)) for values in logs]
    assert together(readings, [np.array(times) for times in at], weight, 4.0) == moment


@given(st.integers(0, 2**31), st.integers(1, 4))
def test_together_is_the_mean_read_naively(seed, many):
    chance = np.random.default_rng(seed)
    logs = [np.cumsum(chance.normal(0.02, 0.5, 40)) for _ in range(many)]
    at = [np.sort(chance.integers(0, 60, 40)).astype(float) for _ in range(many)]
    weight = list(chance.dirichlet(np.ones(many)))
    naive = None
    for moment in np.unique(np.concatenate(at)):
        seen = [(np.searchsorted(a, moment, side="right"), values) for a, values in zip(at, logs, strict=True)]
        mean = sum(w * (np.exp(values[n - 1]) if n else 1.0) for w, (n, values) in zip(weight, seen, strict=True))
        if mean >= 4.0:
            naive = moment
            break
    assert together(logs, at, weight, 4.0) == naive


def test_no_pairs_is_no_reading():
    seen = watch(np.zeros(0, dtype=np.int8))
    assert (seen.alarm_at, seen.break_at, seen.certificate_at) == (None, None, None)
