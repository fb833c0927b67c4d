import numpy as np
import pytest
from scipy.stats import spearmanr

from evenhand.fairness.bands import quarters, trend


def test_quarters_are_even_and_never_part_equal_values():
    assert np.bincount(quarters(np.arange(1.0, 101.0))).tolist() == [25, 25, 25, 25]
    many_free = np.array([0.0] * 60 + list(range(1, 41)))
    band = quarters(many_free)
    assert set(band[:60]) == {0}
    assert set(band[60:]) <= {2, 3}


def test_in_one_stratum_the_trend_is_spearmans():
    rng = np.random.default_rng(1)
    value = rng.integers(0, 20, 400).astype(float)
    time = value + rng.normal(0, 10, 400)
    mine = trend(value, time, np.zeros(400, dtype=int), np.arange(400))
    assert mine.rho == pytest.approx(spearmanr(value, time).statistic)
    assert mine.low < mine.rho < mine.high
    assert mine.low > 0


def test_strata_make_no_trend():
    """Those who spend more ask harder things; inside each kind of thing there is nothing."""
    rng = np.random.default_rng(2)
    stratum = rng.integers(0, 3, 3000)
    value, time = stratum + rng.random(3000), 10 * stratum + rng.random(3000)
    mine = trend(value, time, stratum, np.arange(3000))
    assert spearmanr(value, time).statistic > 0.8
    assert mine.low < 0 < mine.high


def test_a_constant_has_no_trend():
    assert np.isnan(trend(np.ones(9), np.arange(9.0), np.zeros(9, dtype=int), np.arange(9)).rho)
