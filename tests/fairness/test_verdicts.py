"""The four verdicts at their boundaries, Holm against statsmodels, and the sentence that says what would change them."""

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from evenhand.fairness.comparison import Comparison
from evenhand.fairness.verdicts import SHOWN_BY, Margin, Verdict, holm, judge, overall


def ratio(value, error, tickets=8000, group=2000, effective=300.0):
    return Comparison("ratio", value, 1.0, error, effective, tickets, group, 1.0)


def difference(value, error):
    return Comparison("difference", 0.5 + value, 0.5, error, 300.0, 8000, 2000, 1.0)


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [
        (ratio(1.00, 0.05), Verdict.PARITY),
        (ratio(1.00, 0.20), Verdict.UNKNOWN),  # 0.72 to 1.39: too wide
        (ratio(1.50, 0.05), Verdict.DISPARITY),
        (ratio(0.60, 0.05), Verdict.DISPARITY),
        (ratio(1.10, 0.03), Verdict.TOLERANCE),  # differs, and surely by less than the margin
        (ratio(1.20, 0.06), Verdict.DISPARITY),  # differs, and may lie beyond the margin
        (ratio(1.50, 0.30), Verdict.UNKNOWN),
        (ratio(1.00, 0.05, group=199), Verdict.UNKNOWN),
        (ratio(1.00, 0.05, group=7801), Verdict.UNKNOWN),  # too few of the others
        (ratio(1.00, 0.05, effective=14.9), Verdict.UNKNOWN),
        (ratio(9.00, 0.05, effective=14.9), Verdict.UNKNOWN),
        (difference(0.00, 0.02), Verdict.PARITY),
        (difference(0.02, 0.005), Verdict.TOLERANCE),
        (difference(0.10, 0.02), Verdict.DISPARITY),
        (difference(0.00, 0.04), Verdict.UNKNOWN),
    ],
)
def test_verdicts(comparison, verdict):
    assert judge([comparison])[0].verdict is verdict


def test_a_narrow_margin_does_not_make_a_disparity_of_a_trifle():
    assert judge([ratio(1.04, 0.01)], Margin(0.97, 1.03))[0].verdict is Verdict.UNKNOWN
    assert judge([ratio(1.06, 0.01)], Margin(0.97, 1.03))[0].verdict is Verdict.DISPARITY


def test_disparity_is_held_to_the_whole_family():
    suspect = ratio(1.30, 0.12)  # p is about .03
    assert judge([suspect])[0].verdict is Verdict.DISPARITY
    assert judge([suspect] + [ratio(1.0, 0.12)] * 3)[0].verdict is Verdict.UNKNOWN


@settings(max_examples=25)  # the oracle takes its time
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_overall():
    parity, disparity, tolerance, unknown = Verdict.PARITY, Verdict.DISPARITY, Verdict.TOLERANCE, Verdict.UNKNOWN
    assert overall([]) is unknown
    assert overall([parity, parity]) is parity
    assert overall([parity, tolerance]) is tolerance
    assert overall([parity, tolerance, unknown]) is unknown
    assert overall([parity, unknown, disparity]) is disparity


def test_how_many_more_tickets():
    """n = 2.925² deff (cv₁²/share₁ + cv₀²/share₀) / log(1.25)²: here deff 2, cv 1.5, a quarter and three quarters."""
    n = 1000
    error = (2 * 1.5**2 * (1 / 0.25 + 1 / 0.75) / n) ** 0.5
    needed = SHOWN_BY**2 * 2 * (1.5**2 / 0.25 + 1.5**2 / 0.75) / log(1.25) ** 2
    finding = judge([ratio(1.0, error, n, 250)])[0]
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.more_tickets == pytest.approx(needed - n, abs=1)
    assert f"{finding.more_tickets:,} more tickets" in finding.what_would_change_it


def test_every_verdict_says_what_would_change_it():
    cases = [
        ratio(1.0, 0.05),
        ratio(1.5, 0.05),
        ratio(1.1, 0.03),
        ratio(1.0, 0.05, group=50),
        ratio(1.0, 0.05, effective=3),
    ]
    said = [finding.what_would_change_it for case in cases for finding in judge([case])]
    assert len(set(said)) == 5
    assert "150 more" in said[3]
    assert "more customers" in said[4]


def test_a_margin_must_hold_no_difference():
    with pytest.raises(ValueError, match="margin"):
        Margin(1.1, 1.25)
