"""Whose turn it is: customers take turns in a lane, and no lane starves another.

A *lane* is one need level in one skill pool. In a lane customers take turns, in rounds:

- asking, a ticket gets `joining_round`: one round after the customer's previous ticket there, or the lane's next round;
- the lane's round is the round of the ticket most recently started;
- inside a round, whoever became the first of their customer's waiting tickets earlier comes first (`turn_since`): since
  it was asked, or **since its customer's previous ticket was started**, whichever is later. So starting a ticket moves
  one other row: the same customer's next one in the lane now counts since that moment;
- a ticket that leaves unanswered (solved, merged, snoozed) hands its round and its since to the same customer's next
  ticket in the lane, that one's go to the one after it, and so on; it is nobody's previous ticket.

This is the start-time fair queue of Goyal, Vin and Cheng (1996) with equal weights and one session as the quantum, its
tags given, as in theirs, when a request comes to the head of its own queue. In each round a customer starts once.

**Bound.** c agents, none idle while a ticket they can take waits, sessions of at most S, no preemption. If a customer
with no waiting ticket asks while n other customers wait, it starts within ceil((n + 1) / c) * S of staffed time; its
j-th waiting ticket within ceil(j * (m + 1) / c) * S, m being the most other customers that wait meanwhile. *Proof:*
whoever is ahead starts once and then stands behind, and newcomers stand behind, so the (n + 1)-th agent to come free
takes the ticket; c busy agents come free at least c times in S. The j-th ticket repeats this j times. Neither depends
on how many tickets anyone sent, which under first come, first served is exactly what it depends on.

Both details are needed. With max(lane round, previous round + 1) and ties by the moment of asking, a flood's second
ticket overtakes a customer who has just been served, and an endless stream of newcomers, all of the current round,
holds back everyone's second ticket for ever. `tests/fairness/test_turns.py` has both cases.

The arguments prove that plan, spend and use play no part. The simulator compiles this very source with numba, so the
functions call nothing and take numbers only: rounds and ids are ints, times are seconds on any one clock. The clock must
tell what happens in a lane apart; a simulator in which several things happen at one instant adds a tick to each.
"""

from collections.abc import Sequence


def joining_round(lane_round: int, previous_round: int) -> int:
    """The round in which a ticket that joins a lane takes its turn.

    `lane_round` is the round of the ticket most recently started in the lane; `previous_round` that of this customer's
    last ticket there, waiting or started; both 0 where there is none.
    """
    if previous_round > lane_round:
        return previous_round + 1
    return lane_round + 1


def turn_since(waiting_since: float, previous_started: float) -> float:
    """Since when a ticket has been the first of its customer's in the lane, in seconds: the order within its round.

    `previous_started` is when this customer's previous ticket in the lane was started, minus infinity for never; so it
    is worked out on asking, and once more when the previous ticket starts.
    """
    if previous_started > waiting_since:
        return previous_started
    return waiting_since


def comes_before(round_a: int, since_a: float, id_a: int, round_b: int, since_b: float, id_b: int) -> bool:
    """Whether ticket a is taken before ticket b of the same lane: by round, then `turn_since`, then id."""
    if round_a != round_b:
        return round_a < round_b
    if since_a != since_b:
        return since_a < since_b
    return id_a < id_b


# A turn that waits for the agent who knows the story is kept for them for half of the promise, then it is everyone's.
KEPT_FOR_THEIR_AGENT = 0.5


def may_take(for_agent: int, agent: int, open_at: float, now: float) -> bool:
    """Whether `agent` may take a turn that is kept for `for_agent` (below zero for nobody) until `open_at`."""
    return for_agent < 0 or for_agent == agent or open_at <= now


def lane_due_first(due: Sequence[float], waiting: Sequence[int]) -> int:
    """The lane whose head is due soonest under the one promise; ties go to the earlier lane, -1 when nobody waits.

    `due[k]` is when the head of lane k is due, in seconds; `waiting[k]` is 0 where nobody waits in it, and its `due` is
    then not looked at. Deadlines only grow older: with promises of at most P, nothing that joins a lane after a head's
    deadline can come before that lane, so no lane starves.
    """
    first = -1
    for lane in range(len(due)):
        if waiting[lane] and (first < 0 or due[lane] < due[first]):
            first = lane
    return first
