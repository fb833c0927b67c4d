"""A small, slow, obvious desk: one lane, c agents, no preemption. It finds whose turn it is with `fairness.turns`."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from evenhand.fairness.turns import comes_before, joining_round, turn_since

NEVER = float("-inf")


@dataclass
class Ticket:
    number: int
    customer: int
    asked: float
    effort: float
    place: int = 1  # among its customer's waiting tickets on arrival, itself included (j)
    others: int = 0  # other customers waiting on arrival (n)
    most_others: int = 0  # the most other customers seen waiting until it starts (n̄)
    round: int = 0
    turn_since: float = 0.0
    started: float | None = None

    def bound(self, agents: int, longest: float) -> float:
        """The latest start that turns allow; the longest session is `longest`."""
        ahead = self.others + 1 if self.place == 1 else self.place * (self.most_others + 1)
        return self.asked + ceil(ahead / agents) * longest

    @property
    def kept(self) -> float:
        assert self.started is not None
        return self.started


class Turns:
    """Customers take turns: only a customer's oldest waiting ticket has a place in the order."""

    def __init__(self) -> None:
        self.lane_round = 0
        self.previous_round: dict[int, int] = {}
        self.previous_start: dict[int, float] = {}

    def _join(self, ticket: Ticket) -> None:
        ticket.round = joining_round(self.lane_round, self.previous_round.get(ticket.customer, 0))
        ticket.turn_since = turn_since(ticket.asked, self.previous_start.get(ticket.customer, NEVER))

    def asked(self, ticket: Ticket, waiting: list[Ticket]) -> None:
        if all(other.customer != ticket.customer for other in waiting):
            self._join(ticket)

    def next(self, waiting: list[Ticket]) -> Ticket:
        heads: dict[int, Ticket] = {}
        for ticket in waiting:  # in order of arrival, so the first of a customer is its oldest
            heads.setdefault(ticket.customer, ticket)
        first, *rest = heads.values()
        for ticket in rest:
            if comes_before(
                ticket.round, ticket.turn_since, ticket.number, first.round, first.turn_since, first.number
            ):
                first = ticket
        return first

    def started(self, ticket: Ticket, now: float, waiting: list[Ticket]) -> None:
        self.lane_round = ticket.round
        self.previous_round[ticket.customer] = ticket.round
        self.previous_start[ticket.customer] = now
        for other in waiting:
            if other.customer == ticket.customer:
                self._join(other)
                break


class TaggedOnArrival(Turns):
    """max(lane round, previous round + 1), given to every ticket when it arrives: what Evenhand does *not* do."""

    def asked(self, ticket: Ticket, waiting: list[Ticket]) -> None:
        ticket.round = max(self.lane_round, self.previous_round.get(ticket.customer, -1) + 1)
        self.previous_round[ticket.customer] = ticket.round

    def next(self, waiting: list[Ticket]) -> Ticket:
        return min(waiting, key=lambda ticket: (ticket.round, ticket.asked, ticket.number))

    def started(self, ticket: Ticket, now: float, waiting: list[Ticket]) -> None:
        self.lane_round = ticket.round


class FirstComeFirstServed(Turns):
    def asked(self, ticket: Ticket, waiting: list[Ticket]) -> None:
        pass

    def next(self, waiting: list[Ticket]) -> Ticket:
        return waiting[0]

    def started(self, ticket: Ticket, now: float, waiting: list[Ticket]) -> None:
        pass


def serve(asks: list[tuple[float, int, float]], agents: int, order: Callable[[], Turns] = Turns) -> list[Ticket]:
    """Serve (time, customer, effort) asks to the end; the tickets, in order of arrival, each with its start."""
    tickets = [Ticket(number, customer, at, effort) for number, (at, customer, effort) in enumerate(sorted(asks))]
    turns, waiting, coming, busy = order(), [], list(tickets), [0.0] * agents
    while coming or waiting:
        now = max(min(busy), (waiting or coming)[0].asked)
        while coming and coming[0].asked <= now:  # asking comes before serving at the same instant
            _ask(coming.pop(0), waiting, turns)
        ticket = turns.next(waiting)
        waiting.remove(ticket)
        ticket.started = now
        busy[busy.index(min(busy))] = now + ticket.effort
        turns.started(ticket, now, waiting)
    return tickets


def _ask(ticket: Ticket, waiting: list[Ticket], turns: Turns) -> None:
    turns.asked(ticket, waiting)
    ticket.place += sum(other.customer == ticket.customer for other in waiting)
    waiting.append(ticket)
    for one in waiting:  # the number of others waiting only grows when somebody asks
        one.most_others = max(one.most_others, len({other.customer for other in waiting} - {one.customer}))
    ticket.others = ticket.most_others
