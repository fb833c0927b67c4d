"""Kaplan–Meier, restricted mean and influence against lifelines, statsmodels, a jackknife and hand-worked cases."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from evenhand.fairness.durations import curves

ONE = np.zeros(6, dtype=int)


def records(rng, n=400, cells=3, tied=False):
    time = rng.exponential(10, n) + 0.01
    if tied:
        time = np.ceil(time / 4) * 4
    censor = rng.exponential(20, n)
    return np.minimum(time, censor), time <= censor, rng.integers(0, cells, n)


def test_a_case_worked_by_hand():
    """Six tickets, ends at 1, 2, 2, 4; still open at 2 and 5; tau = 6."""
    time = np.array([1.0, 2.0, 2.0, 2.0, 4.0, 5.0])
    curve = curves(time, np.array([True, True, True, False, True, False]), ONE, 6.0)
    assert curve.survival == pytest.approx([5 / 6, 5 / 6 * 3 / 5, 1 / 4, 1 / 4])
    assert curve.mean == pytest.approx([1 + 5 / 6 + 2 * 0.5 + 2 * 0.25])
    # R at 1, 2, 4, 5 is 7/3, 3/2, 1/2, 1/4 and Y is 6, 5, 2, 1
    hazard = [7 / 3 / 36, 7 / 3 / 36 + 1.5 * 2 / 25, 7 / 3 / 36 + 1.5 * 2 / 25 + 0.5 / 4]
    expected = [hazard[0] - 7 / 18, hazard[1] - 0.3, hazard[1] - 0.3, hazard[1], hazard[2] - 0.25, hazard[2]]
    assert curve.influence == pytest.approx(expected)


@pytest.mark.parametrize("tied", [False, True])
def test_the_curve_is_that_of_lifelines_and_statsmodels(tied):
    time, ended, cell = records(np.random.default_rng(1), tied=tied)
    curve = curves(time, ended, cell, 1000.0)
    for c in range(3):
        mine = curve.cell == c
        theirs = KaplanMeierFitter().fit(time[cell == c], ended[cell == c]).survival_function_at_times(curve.time[mine])
        assert curve.survival[mine] == pytest.approx(theirs.to_numpy(), abs=1e-12)
        other = SurvfuncRight(time[cell == c], ended[cell == c])
        happened = mine & (curve.events > 0)
        assert curve.time[happened] == pytest.approx(other.surv_times[other.n_events > 0])
        assert curve.survival[happened] == pytest.approx(other.surv_prob[other.n_events > 0], abs=1e-12)


def test_the_restricted_mean_is_that_of_lifelines():
    time, ended, cell = records(np.random.default_rng(2))
    mean = curves(time, ended, cell, 12.0).mean
    for c in range(3):
        fit = KaplanMeierFitter().fit(time[cell == c], ended[cell == c])
        assert mean[c] == pytest.approx(restricted_mean_survival_time(fit, t=12.0), rel=1e-9)


def test_the_influence_gives_the_textbook_variance():
    """sum of phi² is near the Greenwood-type variance sum R² d / (Y (Y - d)); lifelines' variance is something else."""
    time, ended, cell = records(np.random.default_rng(3), n=3000, cells=1)
    curve = curves(time, ended, cell, 12.0)
    left = curve.at_risk > curve.events
    variance = np.sum((curve.remaining**2 * curve.events / (curve.at_risk * (curve.at_risk - curve.events)))[left])
    assert np.sum(curve.influence**2) == pytest.approx(variance, rel=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = KaplanMeierFitter().fit(time, ended)
        _, theirs = restricted_mean_survival_time(fit, t=12.0, return_variance=True)
    assert theirs > 100 * variance  # Var(min(T, tau)), not the squared standard error


def test_the_influence_is_the_change_on_leaving_a_record_out():
    time, ended, cell = records(np.random.default_rng(4), n=300, cells=1)
    whole = curves(time, ended, cell, 15.0)
    keep = ~np.eye(300, dtype=bool)[:20]
    change = [whole.mean[0] - curves(time[k], ended[k], cell[k], 15.0).mean[0] for k in keep]
    assert whole.influence[:20] == pytest.approx(change, abs=6e-4)
    share, influence = whole.within(7.0)
    change = [share[0] - curves(time[k], ended[k], cell[k], 15.0).within(7.0)[0][0] for k in keep]
    assert influence[:20] == pytest.approx(change, abs=3e-5)


def test_with_nothing_censored_everything_is_plain_arithmetic():
    rng = np.random.default_rng(5)
    time, cell = rng.exponential(10, 500), rng.integers(0, 4, 500)
    curve = curves(time, np.ones(500, dtype=bool), cell, 12.0)
    share, influence = curve.within(5.0)
    for c in range(4):
        inside = cell == c
        assert curve.mean[c] == pytest.approx(np.minimum(time[inside], 12.0).mean())
        assert share[c] == pytest.approx((time[inside] <= 5.0).mean())
        assert influence[inside] == pytest.approx(((time[inside] <= 5.0) - share[c]) / inside.sum())


@given(st.integers(0, 10**6), st.integers(2, 60), st.booleans())
@settings(max_examples=60, deadline=None)
def test_influence_sums_to_nothing_in_each_cell(seed, n, tied):
    time, ended, cell = records(np.random.default_rng(seed), n=n, tied=tied)
    curve = curves(time, ended, cell, 9.0, 5)
    assert np.bincount(cell, curve.influence) == pytest.approx(0, abs=1e-9)
    assert np.bincount(cell, curve.within(5.0)[1]) == pytest.approx(0, abs=1e-9)
    assert np.isnan(curve.mean[3:]).all()  # nobody there
    assert ((curve.mean[curve.count > 0] > 0) & (curve.mean[curve.count > 0] <= 9.0 + 1e-9)).all()


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_cells_do_not_touch_one_another(seed):
    time, ended, cell = records(np.random.default_rng(seed), n=60, tied=True)
    together = curves(time, ended, cell, 9.0, 3)
    for c in range(3):
        inside = cell == c
        if inside.any():
            alone = curves(time[inside], ended[inside], cell[inside] * 0, 9.0)
            assert together.mean[c] == pytest.approx(alone.mean[0])
            assert together.influence[inside] == pytest.approx(alone.influence)
            assert together.within(4.0)[0][c] == pytest.approx(alone.within(4.0)[0][0])


def test_a_curve_that_ends_before_tau_is_carried_on():
    curve = curves(np.array([1.0, 2.0]), np.array([True, False]), np.array([0, 0]), 10.0)
    assert curve.mean == pytest.approx([1 + 9 * 0.5])


def test_what_is_refused():
    with pytest.raises(ValueError, match="negative or missing"):
        curves(np.array([-1.0]), np.array([True]), np.array([0]), 1.0)
    with pytest.raises(ValueError, match="negative or missing"):
        curves(np.array([np.nan]), np.array([True]), np.array([0]), 1.0)
    with pytest.raises(ValueError, match="more than nothing"):
        curves(np.array([1.0]), np.array([True]), np.array([0]), 0.0)
