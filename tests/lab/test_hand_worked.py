"""Days small enough to work out by hand; and a flood."""

import numpy as np
import pytest

from evenhand.lab import rules
from evenhand.lab.calendar import Calendar, weekly
from evenhand.lab.crew import Agent, alike, crew
from evenhand.lab.discrimination import overtakes
from evenhand.lab.refused import Refused
from evenhand.lab.simulate import simulate
from evenhand.lab.turns import FOLLOWING, OPENING, turns

from .desks import plain


def test_three_tickets_one_agent_and_a_lunch_break():
    monday = weekly("Mon-Fri 9-12, 13-17")
    wait = simulate(*plain([(8.5, 2.0), (9.25, 1.5), (16.0, 4.0)], calendar=monday))
    assert list(wait.start) == [9.0, 11.0, 16.0]
    assert list(wait.finish) == [11.0, 13.5, 36.0]  # over lunch; and overnight, until noon on Tuesday


def test_who_loses_patience_during_lunch_is_gone_after_it():
    day = Calendar(((9.0, 12.0), (13.0, 17.0)), 24.0)
    table = turns([9.0, 10.0, 10.5], [2.5, 1.0, 1.0], [np.inf, 2.0, 2.5])
    wait = simulate(table, rules.first_come(1), *crew([Agent((0,), day)], 1))
    assert wait.start[1] == 11.5  # after 1.5 hours, within patience; pauses for lunch
    assert wait.finish[1] == 13.5
    assert np.isnan(wait.start[2])  # would have waited 3


def test_priority_does_not_interrupt():
    table = turns([0, 1, 2], [5, 1, 1], klass=[1, 1, 0])
    wait = simulate(table, rules.ranked([0, 1]), *crew(alike(1), 1))
    assert list(wait.start) == [0, 6, 5]


def test_one_turn_a_round():
    """Ada sends four, Bo asks after the third: Bo is served after the one in hand and one of hers that asked before."""
    table = turns([0, 0, 0, 0, 0.5], [1] * 5, customer=[0, 0, 0, 0, 1])
    wait = simulate(table, rules.flat_turns(2, [1.0]), *crew(alike(1), 1))
    assert list(wait.start) == [0, 1, 3, 4, 2]
    assert list(overtakes(wait.since, wait.start)) == [0, 0, 1, 1, 0]


def test_a_limit_keeps_the_agent_with_the_tickets_in_hand():
    table = turns([0, 2, 0], [1, 1, 1], kind=[OPENING, FOLLOWING, OPENING])
    wait = simulate(table, rules.first_come(1), *crew(alike(1, at_once=1), 1))
    assert list(wait.start) == [
        0,
        3,
        4,
    ]  # the second ticket waits until the first is over, its customer's answer included
    wait = simulate(table, rules.first_come(1), *crew(alike(1, at_once=2), 1))
    assert list(wait.start) == [0, 3, 1]


def kept_desk(agents, promise=4.0, order=None):
    return (order or rules.first_come(1))._replace(keep=rules.kept([promise])), *crew(alike(agents), 1)


def test_a_follow_up_waits_for_its_agent_for_half_of_the_promise():
    """Ada and Bo. Ada answers at 1; her customer is back at 2, when Ada works until 6 and Bo is free from 3 on."""
    rows = [(0, 1, OPENING), (1, 1, FOLLOWING), (0, 3, OPENING), (1, 5, OPENING)]
    table = turns([a for a, _, _ in rows], [e for _, e, _ in rows], kind=[k for _, _, k in rows])
    wait = simulate(table, *kept_desk(2))
    assert list(wait.agent) == [0, 1, 1, 0]
    assert list(wait.start) == [0, 4, 0, 1]  # kept for two of the four hours promised, then Bo's
    wait = simulate(table, *kept_desk(2, promise=20.0))
    assert list(wait.agent) == [0, 0, 1, 0]
    assert wait.start[1] == 6  # Ada is done before it is everyone's
    wait = simulate(table, rules.first_come(1), *crew(alike(2), 1))
    assert wait.start[1] == 3  # not kept at all: whoever is free first


def test_what_is_kept_for_one_agent_does_not_hold_up_the_others():
    """The follow-up asked before the last ticket, and Bo passes it by while it is Ada's."""
    table = turns([0, 1, 0, 1, 2.5], [1, 1, 3, 5, 1], kind=[OPENING, FOLLOWING, OPENING, OPENING, OPENING])
    wait = simulate(table, *kept_desk(2))
    assert wait.start[4] == 3
    assert (wait.start[1], wait.agent[1]) == (4, 1)


def test_a_customers_kept_turns_share_one_place():
    """Three of Ada's are back at 3.5, 4 and 4.5 and soon everyone's; two are one customer's. Bo, free from 6 on, takes the
    other customer's in between."""
    rows = [(0, 1, 0), (2.5, 1, 0), (0, 6, 3), (0, 1, 0), (2, 1, 0), (0, 1, 1), (1.5, 1, 1), (0, 97, 2)]
    kind = [OPENING, FOLLOWING, OPENING, OPENING, FOLLOWING, OPENING, FOLLOWING, OPENING]
    table = turns([r[0] for r in rows], [r[1] for r in rows], customer=[r[2] for r in rows], kind=kind)
    wait = simulate(table, *kept_desk(2, promise=0.5, order=rules.flat_turns(4, [0.5])))
    assert list(wait.since[[1, 4, 6]]) == [3.5, 4, 4.5]
    assert list(wait.start[[1, 6, 4]]) == [6, 7, 8]
    assert set(wait.agent[[1, 4, 6]]) == {1}


def test_a_flood_hits_others_under_first_come_and_not_under_turns():
    draw = np.random.default_rng(5)
    count, flood = 20_000, 800
    arrival = np.sort(np.concatenate([np.cumsum(draw.standard_exponential(count)) / 8, np.full(flood, 100.0)]))
    sender = np.where(arrival == 100.0, 199, draw.integers(0, 199, count + flood))
    table = turns(arrival, draw.standard_exponential(count + flood), customer=sender)
    soon = (sender < 199) & (arrival > 100) & (arrival < 150)
    mean = {}
    for name, rule in {"fcfs": rules.first_come(1), "turns": rules.flat_turns(200, [1.0])}.items():
        wait = simulate(table, rule, *crew(alike(10), 1))
        mean[name] = float((wait.start - wait.since)[soon].mean())
    assert mean["fcfs"] > 50
    assert mean["turns"] < 1.5


def test_the_bound_on_turns_holds_for_every_ticket_of_a_flood():
    """ceil((n + 1) / c) * S from asking to the start, for whoever asks with nothing waiting while n others wait."""
    draw = np.random.default_rng(7)
    count, agents, longest = 4_000, 3, 1.0
    arrival = np.sort(np.concatenate([np.cumsum(draw.standard_exponential(count)) / 4, np.full(300, 50.0)]))
    sender = np.where(arrival == 50.0, 40, draw.integers(0, 40, count + 300))
    table = turns(arrival, draw.uniform(0.1, longest, count + 300), customer=sender)
    wait = simulate(table, rules.flat_turns(41, [1.0]), *crew(alike(agents), 1))
    for row in np.flatnonzero((arrival > 49) & (arrival < 120)):
        waiting = (np.arange(table.size) < row) & (wait.start > wait.since[row])
        others = set(sender[waiting]) - {sender[row]}
        if not (waiting & (sender == sender[row])).any():
            assert wait.start[row] - wait.since[row] <= np.ceil((len(others) + 1) / agents) * longest


def test_no_agents_is_refused():
    with pytest.raises(Refused, match="no agents"):
        crew([], 1)
    with pytest.raises(Refused, match="Nobody serves lane 1"):
        crew(alike(2, 1), 2)


@pytest.mark.parametrize(
    ("hours", "mean"), [("Mon-Fri 9-17", 15.24), ("Mon-Fri 8-20", 12.43), ("Mon-Sun 8-20", 3.0), ("24x7", 0.0)]
)
def test_closed_hours_dominate(hours, mean):
    assert weekly(hours).mean_wait_for_opening() == pytest.approx(mean, abs=0.005)


@pytest.mark.parametrize("words", ["", "Mon", "Foo 9-17", "Mon 25-26", "Mon-Fri 9-17, 16-18", "Mon 9"])
def test_hours_nobody_can_work_are_refused(words):
    if words == "Mon-Fri 9-17, 16-18":
        assert weekly(words).staffed == 45  # touching spans are one
        return
    with pytest.raises(Refused):
        weekly(words)
