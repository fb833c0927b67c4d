"""What held on a day, of all that was said of an account."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ledger.held import Said, held
from evenhand.ledger.slot import NO_PLAN

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


def said(day, plan="", spend=None, seats=None, usage=None, part=""):
    return Said(part, day, plan, None if spend is None else Decimal(spend), seats, usage and Decimal(usage))


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ([said(JANUARY, "gold", 9)], FEBRUARY, ("gold", 9.0)),
        ([said(JANUARY, "gold", 9), said(MARCH, "lead", 1)], FEBRUARY, ("gold", 9.0)),
        ([said(JANUARY, "gold", 9), said(MARCH, "lead", 1)], MARCH, ("lead", 1.0)),
        # the first invoice came late
        ([said(MARCH, "gold", 9), said(MARCH + timedelta(9), "lead", 1)], JANUARY, ("gold", 9.0)),
        # said again on the same day: the later word holds
        ([said(JANUARY, "lead", 1), said(JANUARY, "gold", 9)], JANUARY, ("gold", 9.0)),
        # what a fact leaves empty keeps what it was
        ([said(JANUARY, "gold", 9), said(FEBRUARY, usage=7)], MARCH, ("gold", 9.0)),
        ([said(JANUARY, "gold", 9), said(FEBRUARY, spend=0)], MARCH, ("gold", 0.0)),
        # parts are summed, and one that ended leaves the others
        ([said(JANUARY, "gold", 9, part="a"), said(JANUARY, "addon", 2, part="b")], JANUARY, ("addon + gold", 11.0)),
        ([said(JANUARY, "gold", 9, part="a"), said(JANUARY, "gold", 2, part="b")], JANUARY, ("gold", 11.0)),
        (
            [said(JANUARY, "gold", 9, part="a"), said(JANUARY, "b", 2, part="b"), said(MARCH, NO_PLAN, 0, part="a")],
            MARCH,
            ("b", 2.0),
        ),
        ([said(JANUARY, "gold", 9, part="a"), said(MARCH, NO_PLAN, 0, part="a")], MARCH, (NO_PLAN, 0.0)),
        # of the whole and its parts the later word holds
        ([said(JANUARY, "old", 1), said(FEBRUARY, "gold", 9, part="a")], MARCH, ("gold", 9.0)),
        ([said(JANUARY, "gold", 9, part="a"), said(FEBRUARY, "new", 1)], MARCH, ("new", 1.0)),
        ([said(JANUARY, "gold", 9, part="a"), said(FEBRUARY, usage=3)], MARCH, ("gold", 9.0)),
    ],
)
def test_what_held(facts, day, expected):
    assert held(facts, day)[:2] == expected


facts = st.lists(
    st.builds(
        said,
        st.dates(JANUARY, MARCH),
        st.sampled_from(["", "gold", "lead", NO_PLAN]),
        st.none() | st.integers(0, 99),
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 99),
        st.sampled_from(["", "a", "b"]),
    ),
    min_size=1,
    max_size=8,
)


@given(facts, st.dates(JANUARY, MARCH))
def test_saying_everything_again_changes_nothing(several, day):
    in_order = sorted(several, key=lambda each: each.as_of)
    again = [each for each in in_order for _ in range(2)]
    assert held(again, day) == held(in_order, day)
