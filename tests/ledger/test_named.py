"""Whom billing means by a name of its own, by day: moves, corrections, words that come late."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ledger.named import Span, Word, spans

A, B, C = (UUID(int=number) for number in (1, 2, 3))
START, END = date.min, date.max
D1, D2, D3 = (date(2026, 1, day) for day in (1, 10, 20))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([(A, D1)], [(A, START, END)]),  # from the beginning
        ([(A, D1), (A, D2)], [(A, START, END)]),  # said again
        ([(A, D1), (B, D2)], [(A, START, D2), (B, D2, END)]),  # a move
        ([(A, D1), (B, D2), (A, D3)], [(A, START, D2), (B, D2, D3), (A, D3, END)]),  # and back
        ([(A, D1), (B, D1)], [(B, START, END)]),  # of the same day: a correction
        ([(A, D2), (B, D1)], [(B, START, END)]),  # from an earlier day on
        ([(A, D1), (B, D3), (C, D2)], [(A, START, D2), (C, D2, END)]),  # it was C that it moved to, and earlier
        ([(A, D1), (B, D2), (A, D2)], [(A, START, END)]),  # it never moved
        ([(A, D1), (B, D2), (A, D3), (B, D3)], [(A, START, D2), (B, D2, END)]),
    ],
)
def test_who_had_the_name_when(words, expected):
    assert spans(Word(*word) for word in words) == [Span(*each) for each in expected]


words = st.lists(st.builds(Word, st.sampled_from([A, B, C]), st.dates(D1, D3)), min_size=1, max_size=8)


@given(words)
def test_every_day_is_somebodys_and_the_last_word_holds(several):
    found = spans(several)
    assert (found[0].since, found[-1].until) == (START, END)
    assert all(one.until == other.since and one.key != other.key for one, other in pairwise(found))
    assert found[-1].key == several[-1].key
    assert found[-1].since <= several[-1].as_of


@given(words)
def test_a_day_belongs_to_the_last_word_from_before_it(several):
    """The rule once more, day by day, as it reads."""
    found = spans(several)
    for day in (D1 + timedelta(days=offset) for offset in range((D3 - D1).days + 1)):
        owners = {span.key for span in found if span.since <= day <= span.until}
        if said := [word.key for word in several if word.as_of <= day]:
            assert said[-1] in owners
            assert len(owners) == 1 or day in {span.since for span in found}, "two on a day of change alone"


@given(words)
def test_saying_it_again_changes_nothing(several):
    assert spans([*several, several[-1]]) == spans(several)
