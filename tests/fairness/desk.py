"""A small, slow, obvious desk: one lane, c agents, no preemption. It finds whose turn it is with `fairness.turns`."""

from collections.abc import Callable, Sequence
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
    patience: float = float("inf")  # it leaves unanswered after so long
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
    """Customers take turns, as `fairness.turns` says."""

    def __init__(self) -> None:
        self.lane_round = 0
        self.tickets: list[Ticket] = []  # waiting or started
        self.ticks = 0

    def moment(self, at: float) -> float:
        """Instants are whole numbers here; a tick each keeps what happens in one of them in order."""
        self.ticks += 1
        return at + self.ticks * 1e-6

    def previous(self, customer: int) -> Ticket | None:
        return next((ticket for ticket in reversed(self.tickets) if ticket.customer == customer), None)

    def asked(self, ticket: Ticket) -> None:
        previous = self.previous(ticket.customer)
        ticket.round = joining_round(self.lane_round, previous.round if previous else 0)
        ticket.turn_since = turn_since(self.moment(ticket.asked), NEVER)
        self.tickets.append(ticket)

    def next(self, waiting: list[Ticket]) -> Ticket:
        first, *rest = waiting
        for t in rest:
            if comes_before(t.round, t.turn_since, t.number, first.round, first.turn_since, first.number):
                first = t
        return first

    def started(self, ticket: Ticket, now: float, waiting: list[Ticket]) -> None:
        self.lane_round = ticket.round
        own = [other for other in waiting if other.customer == ticket.customer]
        if own:
            own[0].turn_since = turn_since(own[0].asked, self.moment(now))

    def left(self, ticket: Ticket, waiting: list[Ticket]) -> None:
        self.tickets.remove(ticket)
        place = ticket.round, ticket.turn_since
        for other in waiting:
            if other.customer == ticket.customer and other.number > ticket.number:
                (other.round, other.turn_since), place = place, (other.round, other.turn_since)


class TaggedOnArrival(Turns):
    """max(lane round, previous round + 1), ties by the moment of asking: what Evenhand does *not* do."""

    def asked(self, ticket: Ticket) -> None:
        previous = self.previous(ticket.customer)
        ticket.round = max(self.lane_round, previous.round + 1) if previous else self.lane_round
        ticket.turn_since = ticket.asked
        self.tickets.append(ticket)

    def started(self, ticket: Ticket, now: float, waiting: list[Ticket]) -> None:
        self.lane_round = ticket.round


class FirstComeFirstServed(Turns):
    def next(self, waiting: list[Ticket]) -> Ticket:
        return waiting[0]


def serve(asks: Sequence[tuple[float, ...]], agents: int, order: Callable[[], Turns] = Turns) -> list[Ticket]:
    """Serve (time, customer, effort[, patience]) asks to the end; the tickets in order of arrival, with their starts."""
    tickets = [Ticket(k, int(who), at, *rest) for k, (at, who, *rest) in enumerate(sorted(asks))]
    turns, waiting, coming, busy = order(), [], list(tickets), [0.0] * agents
    while coming or waiting:
        free = min(busy)
        now = max(free, (waiting or coming)[0].asked)
        while coming and coming[0].asked <= now:  # asking comes before serving at the same instant
            _ask(coming.pop(0), waiting, turns)
        if _leave(waiting, now, turns):
            continue
        ticket = turns.next(waiting)
        waiting.remove(ticket)
        ticket.started = now
        busy[busy.index(free)] = now + ticket.effort
        turns.started(ticket, now, waiting)
    return tickets


def _ask(ticket: Ticket, waiting: list[Ticket], turns: Turns) -> None:
    _leave(waiting, ticket.asked, turns)
    turns.asked(ticket)
    ticket.place += sum(other.customer == ticket.customer for other in waiting)
    waiting.append(ticket)
    for one in waiting:  # how many others wait grows only when somebody asks
        one.most_others = max(one.most_others, len({other.customer for other in waiting} - {one.customer}))
    ticket.others = ticket.most_others


def _leave(waiting: list[Ticket], now: float, turns: Turns) -> bool:
    gone = [ticket for ticket in waiting if ticket.asked + ticket.patience < now]
    for ticket in gone:
        waiting.remove(ticket)
        turns.left(ticket, waiting)
    return bool(gone)
