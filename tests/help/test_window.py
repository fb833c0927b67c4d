"""Limits: what one source did in an hour and a day is counted and decided in one statement."""

import pytest

from evenhand.web.models import Window
from evenhand.web.window import DAY, HOUR

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    return sorted(Window.objects.values_list("count", flat=True))


def test_it_allows_so_many_and_no_more() -> None:
    assert [Window.allows("try", "here", 2, HOUR) for _ in range(4)] == [True, True, False, False]
    assert Window.allows("try", "elsewhere", 2, HOUR)


def test_each_of_several_limits_counts() -> None:
    assert [Window.allows_each("try", "here", (5, HOUR), (2, DAY)) for _ in range(3)] == [True, True, False]
    assert counts() == [3, 3]


def test_what_the_first_refuses_does_not_use_up_the_second() -> None:
    said = [
        Window.allows_in_turn(("from", "here", ((2, HOUR),)), ("as", "ada", ((5, HOUR), (9, DAY)))) for _ in range(4)
    ]
    assert said == [True, True, False, False]
    assert counts() == [2, 2, 4]


def test_the_second_refuses_too() -> None:
    said = [Window.allows_in_turn(("from", "here", ((9, HOUR),)), ("as", "ada", ((1, HOUR),))) for _ in range(3)]
    assert said == [True, False, False]
    assert counts() == [3, 3]
