"""Whose turn it is: customers take turns in a lane, and no lane starves another.

A *lane* is one need level in one skill pool. In a lane every customer with something waiting holds **one place**:

- a customer with nothing waiting joins at the back, with `joining_round`, since the moment of asking;
- when one of a customer's tickets starts, that customer's next waiting ticket (oldest first) joins at the back, since
  that moment (`turn_since`);
- when a ticket with a turn leaves unanswered (solved, merged, snoozed), the customer's next one takes over its round;
- the lane's round is the round of the ticket most recently started.

So a customer's other tickets stand behind its first one, outside the order, and in each round every waiting customer
starts at most once: the start-time fair queue of Goyal, Vin and Cheng (1996) with equal weights and one session as the
quantum, with tags given when a ticket reaches the head of its customer's queue.

**Bound.** c agents, none idle while a ticket they can take waits, sessions of at most S, no preemption. If a customer
with no waiting ticket asks while n other customers wait, it starts within ceil((n + 1) / c) * S of staffed time; its
j-th waiting ticket within ceil(j * (m + 1) / c) * S, m being the most other customers that wait meanwhile. *Proof:*
whoever is ahead starts once and re-joins behind, and so do newcomers, so the (n + 1)-th agent to come free takes the
ticket; c busy agents come free at least c times in S. The j-th ticket repeats this j times. Neither depends on how many
tickets anyone sent, which under first come, first served is exactly what it depends on.

Tagging every ticket when it arrives, as max(lane round, previous round + 1), breaks both bounds: a flood's second
ticket overtakes a customer who has just been served, and an endless stream of newcomers holds back everyone's second
ticket for ever. `tests/fairness/test_turns.py` has both cases.

The arguments prove that plan, spend and use play no part. The simulator compiles this very source with numba, so the
functions call nothing and take numbers only: rounds and ids are ints, times are seconds on any one clock.
"""

from collections.abc import Sequence


def joining_round(lane_round: int, previous_round: int) -> int:
    """The round in which a customer's first waiting ticket takes its turn.

    `lane_round` is the round of the ticket most recently started in the lane, `previous_round` that of this customer's
    previous ticket there; 0 where there is none.
    """
    if previous_round > lane_round:
        return previous_round + 1
    return lane_round + 1


def turn_since(waiting_since: float, previous_started: float) -> float:
    """The moment a ticket became its customer's first in the lane, in seconds: its tie-break within the round.

    `previous_started` is when this customer's previous ticket in the lane was started; minus infinity for none.
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
