"""What must hold exactly on every run, on desks of every make."""

import numpy as np
import pytest
from hypothesis import given, settings

from evenhand.lab.discrimination import discrimination, overtakes
from evenhand.lab.hours import staffed_between
from evenhand.lab.identities import identities, littles_law
from evenhand.lab.idle import idle_while_waiting
from evenhand.lab.simulate import simulate
from evenhand.lab.turns import OPENING

from .desks import worlds


@given(world=worlds())
@settings(max_examples=120, deadline=None)
def test_identities_hold_on_every_run(world):
    turns, rule, people, hours = world
    wait = simulate(*world)
    found = identities(turns, wait)
    assert found["hold"], found
    assert found["in_system"] == 0
    assert found["littles_law_gap"] < 1e-12
    assert idle_while_waiting(turns, wait, people, hours, rule.keep) == 0.0
    assert np.nansum(discrimination(turns, wait, people, hours)) == pytest.approx(0, abs=1e-9)


@given(world=worlds())
@settings(max_examples=60, deadline=None)
def test_sessions_take_their_effort_in_shift_time(world):
    turns, _, people, hours = world
    wait = simulate(*world)
    for agent in range(people.agents.size):
        mine = wait.agent == agent
        worked = staffed_between(hours, int(people.agents[agent].calendar), wait.start[mine], wait.finish[mine])
        np.testing.assert_array_equal(worked, turns.effort[mine])


def test_a_false_record_is_caught():
    from .desks import plain

    turns, rule, people, hours = plain([(0.0, 2.0), (0.5, 1.0), (1.0, 1.0)])
    wait = simulate(turns, rule, people, hours)
    wait.start[1] += 0.25
    wait.finish[1] += 0.25
    assert (
        idle_while_waiting(turns, wait, people, hours) == 0.5
    )  # both the late one and the next waited beside an idle agent
    wait.start[2] = 2.5
    assert not identities(turns, wait)["hold"]


def test_littles_law_sees_a_wait_that_was_not():
    from .desks import plain

    turns, rule, people, hours = plain([(0.0, 2.0), (0.5, 1.0)])
    wait = simulate(turns, rule, people, hours)
    assert littles_law(turns, wait) == 0.0
    assert identities(turns, wait)["arrivals"] == int((turns.kind == OPENING).sum())


@pytest.mark.parametrize(
    ("since", "start", "expected"),
    [([0, 1, 2], [0, 1, 2], [0, 0, 0]), ([0, 1, 2], [5, 1, 2], [2, 0, 0]), ([0, 0, 1], [3, 2, 2], [1, 0, 0])],
)
def test_overtakes(since, start, expected):
    assert list(overtakes(np.array(since, float), np.array(start, float))) == expected
