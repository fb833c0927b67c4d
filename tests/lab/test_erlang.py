"""The closed forms, against values computed at 30 digits."""

import pytest

from evenhand.lab import erlang
from evenhand.lab.refused import Refused


@pytest.mark.parametrize(
    ("agents", "load", "blocked"),
    [(5, 3, 0.1100543478), (10, 9, 0.1679632263), (20, 18, 0.1092128459), (100, 90, 0.02695738046)],
)
def test_erlang_b(agents, load, blocked):
    assert erlang.erlang_b(agents, load) == pytest.approx(blocked, rel=1e-9)


@pytest.mark.parametrize(
    ("agents", "load", "waits", "wait"),
    [
        (1, 0.9, 0.9, 9.0),
        (5, 4.5, 0.7624932207, 1.524986441),
        (10, 9, 0.6687315241, 0.6687315241),
        (20, 18, 0.5507690048, 0.2753845024),
        (20, 19, 0.7554012321, 0.7554012321),
        (50, 45, 0.3638644672, 0.07277289344),
    ],
)
def test_erlang_c(agents, load, waits, wait):
    assert erlang.erlang_c(agents, load) == pytest.approx(waits, rel=1e-9)
    assert erlang.priority([load], 1, agents)[0].wait == pytest.approx(wait, rel=1e-9)


@pytest.mark.parametrize(
    ("rates", "agents", "expected"),
    [
        ((3.6, 14.4), 20, (0.0335834759, 0.335834759)),
        ((1, 3, 5), 10, (0.07430350268, 0.1238391711, 1.11455254)),
        ((0.18, 0.72), 1, (1.097560976, 10.97560976)),
    ],
)
def test_cobham(rates, agents, expected):
    assert [row.wait for row in erlang.priority(rates, 1, agents)] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        ((20, 1, 20, 0.5), (0.6099295453, 0.1473747886, 0.07368739431)),
        ((20, 1, 20, 1), (0.5297427332, 0.08883531739, 0.08883531739)),
        ((18, 1, 20, 0.5), (0.3977951522, 0.07567195907, 0.03783597953)),
        ((48, 0.25, 200, 0.5), (0.2460279952, 0.03251688881, 0.01625844441)),
    ],
)
def test_erlang_a(queue, expected):
    assert erlang.erlang_a(*queue) == pytest.approx(expected, rel=1e-9)


def test_priority_with_abandonment():
    first, second = erlang.priority((4, 16), 1, 20, 0.5)
    assert first == pytest.approx((0.0364555958, 0.0182277979), rel=1e-8)
    assert second == pytest.approx((0.1751045868, 0.0875522934), rel=1e-8)


@pytest.mark.parametrize(("scv", "wait"), [(0, 4.5), (0.25, 5.625), (1, 9.0), (4, 22.5)])
def test_one_agent(scv, wait):
    assert erlang.one_agent([0.9], 1, scv, in_order=False)[0].wait == pytest.approx(wait)


def test_an_unstable_load_is_refused_in_words():
    with pytest.raises(Refused, match="grows for ever"):
        erlang.erlang_c(5, 5)
