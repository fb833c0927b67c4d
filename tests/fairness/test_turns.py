"""Both bounds of the turns, on random schedules with floods; and that other orders break them, so the check can fail."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.fairness.turns import comes_before, joining_round, lane_due_first, turn_since
from tests.fairness.desk import FirstComeFirstServed, TaggedOnArrival, Ticket, serve

LONGEST = 10

patience = st.one_of(st.just(math.inf), st.integers(0, 50))
asks = st.tuples(st.integers(0, 60), st.integers(0, 5), st.integers(1, LONGEST), patience)
floods = st.builds(
    lambda at, customer, size, effort, patience: [(at, customer, effort, patience)] * size,
    st.integers(0, 40),
    st.integers(0, 5),
    st.integers(2, 25),
    st.integers(1, LONGEST),
    patience,
)
schedules = st.builds(
    lambda singles, bursts: singles + [ask for burst in bursts for ask in burst],
    st.lists(asks, max_size=30),
    st.lists(floods, max_size=3),
)


def late(tickets: list[Ticket], agents: int) -> list[Ticket]:
    return [t for t in tickets if t.started is not None and t.started > t.bound(agents, LONGEST)]


@given(schedules, st.integers(1, 4))
@settings(max_examples=500, deadline=None)
def test_every_ticket_starts_within_its_bound(schedule, agents):
    assert not late(serve(schedule, agents), agents)


@given(schedules, st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_a_customer_starts_at_most_once_in_a_round_and_rounds_never_go_back(schedule, agents):
    started = sorted(
        (t for t in serve(schedule, agents) if t.started is not None), key=lambda ticket: (ticket.kept, ticket.round)
    )
    assert len({(ticket.customer, ticket.round) for ticket in started}) == len(started)
    assert [ticket.round for ticket in started] == sorted(ticket.round for ticket in started)


@given(schedules, st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_a_customers_own_tickets_start_in_the_order_asked(schedule, agents):
    by_customer: dict[int, list[float]] = {}
    for ticket in serve(schedule, agents):
        if ticket.started is not None:
            by_customer.setdefault(ticket.customer, []).append(ticket.started)
    assert all(starts == sorted(starts) for starts in by_customer.values())


def test_one_ticket_each_is_first_come_first_served():
    schedule = [(t, t, 7) for t in range(6)]
    assert [t.started for t in serve(schedule, 2)] == [t.started for t in serve(schedule, 2, FirstComeFirstServed)]


def test_a_flood_alone_gets_every_agent():
    assert [t.started for t in serve([(0, 0, 5)] * 6, 3)] == [0, 0, 0, 5, 5, 5]


FLOOD = [(0, 0, LONGEST)] * 40 + [(1, 1, LONGEST)]


def test_first_come_first_served_breaks_the_bound_in_a_flood():
    assert not late(serve(FLOOD, 2), 2)
    assert [ticket.customer for ticket in late(serve(FLOOD, 2, FirstComeFirstServed), 2)] == [1]


def test_tagging_on_arrival_lets_a_flood_overtake_a_customer_just_served():
    schedule = (
        [(0, 1, LONGEST)] + [(1, 0, LONGEST)] * 5 + [(2, 1, LONGEST)]
    )  # customer 1 is being served, and asks again
    assert not late(serve(schedule, 1), 1)
    assert [(t.customer, t.asked) for t in late(serve(schedule, 1, TaggedOnArrival), 1)] == [(1, 2)]


def test_tagging_on_arrival_lets_newcomers_starve_a_second_ticket():
    newcomers = [(5 + 10 * k, 1 + k, LONGEST) for k in range(200)]
    schedule = [(0, 0, LONGEST), (0, 0, LONGEST), *newcomers]
    assert [ticket.started for ticket in serve(schedule, 1)[:2]] == [0, 10]
    assert serve(schedule, 1, TaggedOnArrival)[1].kept >= 2000


@given(schedules)
@settings(max_examples=60, deadline=None)
def test_the_order_leaves_the_total_wait_alone_when_sessions_are_equal(schedule):
    equal = [(at, customer, 5) for at, customer, *_ in schedule]
    assert sum(t.kept for t in serve(equal, 2)) == sum(t.kept for t in serve(equal, 2, FirstComeFirstServed))


def test_joining_round():
    assert joining_round(0, 0) == 1  # the first ticket of all
    assert joining_round(7, 0) == 8  # a newcomer claims nothing for the rounds it was not there
    assert joining_round(7, 7) == 8  # just served: the back of the next round
    assert joining_round(7, 9) == 10


def test_turn_since():
    assert turn_since(5.0, -math.inf) == 5.0
    assert turn_since(5.0, 9.0) == 9.0


keys = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


@given(keys, keys)
def test_comes_before_is_the_order_of_round_since_id(a, b):
    assert comes_before(*a, *b) == (a < b)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6))
def test_the_lane_due_first_is_the_earliest_of_those_that_wait(lanes):
    expected = min(((due, k) for k, (due, waits) in enumerate(lanes) if waits), default=(None, -1))[1]
    assert lane_due_first([due for due, _ in lanes], [waits for _, waits in lanes]) == expected


def test_a_lane_without_a_deadline_still_gets_its_turn():
    assert lane_due_first([math.inf, 3.0], [1, 0]) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200)), min_size=1, max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_lane_starves(arrivals):
    """One agent, one session a second, a promise per lane: what starts before a ticket was due no later than it."""
    promises = [5, 20, 80, 320]
    lanes: list[list[int]] = [[], [], [], []]
    coming = sorted((at, lane) for lane, at in arrivals)
    now, served = 0, []
    while coming or any(lanes):
        while coming and coming[0][0] <= now:
            at, lane = coming.pop(0)
            lanes[lane].append(at)
        due = [queue[0] + promise if queue else 0 for queue, promise in zip(lanes, promises, strict=True)]
        lane = lane_due_first(due, [len(queue) for queue in lanes])
        if lane >= 0:
            served.append((lanes[lane].pop(0), lane, now))
        now += 1
    for asked, lane, started in served:
        due = asked + promises[lane]
        ahead = sum(other + promises[k] <= due for other, k, _ in served if started >= other)
        assert started <= asked + ahead + 1


def test_the_simulator_can_compile_the_very_same_source():
    import numba

    assert numba.njit(joining_round)(3, 1) == 4
    assert numba.njit(turn_since)(5.0, -math.inf) == 5.0
    assert numba.njit(comes_before)(1, 2.0, 3, 1, 2.0, 4)
    assert numba.njit(lane_due_first)(np.array([3.0, 1.0, 1.0]), np.array([1, 1, 0])) == 1
