"""The same desk, plainly: everything happens when it happens, one moment after the other, nothing is clever.

Slow on purpose. The compiled engine must give the same sequence of events, which `tests/lab/test_reference.py` checks
on random desks. Only for `Crew`s and `Rule`s as the engine takes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from evenhand.fairness.turns import comes_before, joining_round, lane_due_first, may_take, turn_since

from .turns import (
    BY_COLUMN,
    BY_DUE,
    BY_RANK,
    BY_TURNS,
    FOLLOWING,
    NOBODY,
    OPENING,
    WAIT,
    Crew,
    Hours,
    Rule,
    Table,
    blank,
)

INFINITY = float("inf")


@dataclass
class Waiting:
    """A turn that waits, and where it stands in the order; `round` is None behind another turn of its flow."""

    row: int
    number: int  # counts those who begin to wait
    since: float
    leaves: float
    due: float
    round: float | None = None
    place: float = 0.0
    for_agent: int = NOBODY  # who knows the story; theirs until it is opened to everyone at `opens`
    opens: float = INFINITY
    opened: bool = False

    def may_be_taken_by(self, agent: int, now: float) -> bool:
        return may_take(self.for_agent, agent, self.opens if self.opened else INFINITY, now)


@dataclass
class Person:
    """An agent at a moment."""

    shifts: list[tuple[float, float]]
    lanes: list[int]
    at_once: int
    serving: int | None = None
    remaining: float = 0.0
    in_hand: set[int] = field(default_factory=set)  # openings of tickets not yet over
    own: list[Waiting] = field(default_factory=list)
    looked: float = -1.0  # the last shift's opening at which they looked for work

    def on_shift(self, now: float) -> bool:
        return any(opens <= now < closes for opens, closes in self.shifts)

    def has_room(self) -> bool:
        return self.at_once == 0 or len(self.in_hand) < self.at_once


class ReferenceDesk:
    """Plays a TURN table to its end. `horizon` bounds the shifts written out; it must lie beyond the last event."""

    def __init__(self, turns: Table, rule: Rule, crew: Crew, hours: Hours, horizon: float) -> None:
        self.turns, self.rule = turns, rule
        self.desk_hours = self._shifts(hours, 0, horizon)
        self.people = [
            Person(self._shifts(hours, a.calendar, horizon), list(crew.skills[a.first : a.last]), int(a.at_once))
            for a in crew.agents
        ]
        self.lanes: list[list[Waiting]] = [[] for _ in range(crew.mask.shape[0])]
        self.lane_round = [0.0] * len(self.lanes)
        self.flow_round: dict[tuple[int, int], float] = {}
        self.flow_started: dict[tuple[int, int], float] = {}
        self.returning: list[tuple[float, int]] = []
        self.last_given = NOBODY
        self.asked = 0
        self.wait = blank(turns.size, WAIT)
        self.wait.since, self.wait.start, self.wait.finish, self.wait.agent = np.nan, np.nan, np.nan, NOBODY

    @staticmethod
    def _shifts(hours: Hours, calendar: int, horizon: float) -> list[tuple[float, float]]:
        own = hours.calendars[calendar]
        pieces = [(float(p.opens), float(p.closes)) for p in hours.pieces[own.first : own.last]]
        cycles = int(horizon // own.period) + 1
        return [(k * own.period + opens, k * own.period + closes) for k in range(cycles) for opens, closes in pieces]

    # -- time

    def run(self) -> Table:
        now, arrivals = 0.0, [row for row in range(self.turns.size) if self.turns[row].kind == OPENING]
        while arrivals or self.returning or any(p.serving is not None or p.own for p in self.people) or any(self.lanes):
            moment = self._next_moment(now, float(self.turns[arrivals[0]].arrival) if arrivals else INFINITY)
            if moment == INFINITY:
                raise RuntimeError("somebody waits and nothing will ever happen")
            for person in self.people:
                if person.serving is not None and person.on_shift(now):
                    person.remaining -= moment - now
            now = moment
            self._let_go(now)
            while self._one_event(now, arrivals):
                pass
        return self.wait

    def _next_moment(self, now: float, arrival: float) -> float:
        """The next arrival, return, end of work, shift boundary or loss of patience."""
        moments = [arrival, *(back for back, _ in self.returning)]
        for person in self.people:
            moments += [edge for shift in person.shifts for edge in shift if edge > now][:1]
            if person.serving is not None and person.on_shift(now):
                moments.append(now + person.remaining)
        moments += [w.leaves for lane in self.lanes for w in lane if w.leaves > now]
        moments += [w.opens for lane in self.lanes for w in lane if not w.opened]
        return min(moments)

    def _one_event(self, now: float, arrivals: list[int]) -> bool:
        for number, person in enumerate(self.people):
            back = max((opens for opens, closes in person.shifts if opens <= now < closes), default=-1.0)
            if person.serving is not None and person.remaining <= 0:
                self._done(number, now)
                return True
            if person.serving is None and back > person.looked:
                person.looked = back
                self._take_next(number, now)
                return True
        kept = [(w.opens, lane, w.number) for lane, queue in enumerate(self.lanes) for w in queue if not w.opened]
        if kept and min(kept)[0] <= now:
            self._open(*min(kept)[1:], now)
            return True
        if self.returning and min(self.returning)[0] <= now:
            back, row = min(self.returning)
            self.returning.remove((back, row))
            self._come_back(row, now)
            return True
        if arrivals and self.turns[arrivals[0]].arrival <= now:
            self._arrive(arrivals.pop(0), now)
            return True
        return False

    def _let_go(self, now: float) -> None:
        """Those whose patience ended before now, in the order in which it ended."""
        left = sorted(
            (w.leaves, w.number, w.row, lane) for lane, queue in enumerate(self.lanes) for w in queue if w.leaves < now
        )
        for _, _, row, lane in left:
            gone = next(w for w in self.lanes[lane] if w.row == row)
            self.lanes[lane].remove(gone)
            following = self._next_of_flow(lane, row, gone.for_agent)
            if self.rule.manner >= BY_TURNS and gone.round is not None and following:
                following.round = gone.round
                following.place = gone.place
        for person in self.people:
            for gone in [w for w in person.own if w.leaves < now]:
                person.own.remove(gone)
                person.in_hand.discard(self._opening(gone.row))

    # -- acts

    def _opening(self, row: int) -> int:
        while self.turns[row].kind == FOLLOWING:
            row -= 1
        return row

    def _done(self, number: int, now: float) -> None:
        person = self.people[number]
        row, person.serving = cast("int", person.serving), None
        self.wait[row].finish = now
        if row + 1 < self.turns.size and self.turns[row + 1].kind == FOLLOWING:
            self.returning.append((now + float(self.turns[row + 1].arrival), row + 1))
        else:
            person.in_hand.discard(self._opening(row))
        self._take_next(number, now)

    def _take_next(self, number: int, now: float) -> None:
        person = self.people[number]
        if not person.on_shift(now):
            return
        person.looked = max(opens for opens, closes in person.shifts if opens <= now < closes)
        if person.own:
            first = min(person.own, key=lambda w: (w.since, w.number))
            person.own.remove(first)
            self._serve(number, first.row, now)
            return
        offered = self._first_for(number, now) if person.has_room() else None
        if offered is not None:
            self._begin_on(number, offered, now)

    def _begin_on(self, number: int, turn: Waiting, now: float) -> None:
        lane = int(self.turns[turn.row].lane)
        self.lanes[lane].remove(turn)
        self._serve(number, turn.row, now)
        self._start_turn(lane, turn.row, turn.round, now, turn.for_agent)

    def _serve(self, number: int, row: int, now: float) -> None:
        person = self.people[number]
        person.serving, person.remaining = row, float(self.turns[row].effort)
        if person.at_once:
            person.in_hand.add(self._opening(row))
        self.wait[row].start, self.wait[row].agent = now, number

    def _begin_to_wait(self, row: int, now: float) -> None:
        self.wait[row].since = now
        self.asked += 1

    def _arrive(self, row: int, now: float) -> None:
        self._begin_to_wait(row, now)
        lane = int(self.turns[row].lane)
        number = self._free(lane, now)
        if number is None:
            self._join(lane, row, now)
            return
        self.last_given = number
        self._serve(number, row, now)
        self._start_turn(lane, row, self._joining(lane, row), now)

    def _free(self, lane: int, now: float) -> int | None:
        """Who is free for the lane, round the table from whoever was last given something."""
        count = len(self.people)
        for step in range(1, count + 1):
            number = (self.last_given + step) % count
            person = self.people[number]
            if person.serving is None and person.on_shift(now) and person.has_room() and lane in person.lanes:
                return number
        return None

    def _open(self, lane: int, number: int, now: float) -> None:
        """The turn was kept for its agent long enough; whoever is free takes it, unless it stands behind another."""
        turn = next(w for w in self.lanes[lane] if w.number == number)
        turn.opened = True
        free = self._free(lane, now)
        if turn.round is not None and free is not None:
            self.last_given = free
            self._begin_on(free, turn, now)

    def _come_back(self, row: int, now: float) -> None:
        agent = int(self.wait[row - 1].agent)
        person = self.people[agent]
        if person.at_once == 0:
            if self.rule.keep.size:
                self._come_back_kept(agent, row, now)
            else:
                self._arrive(row, now)
            return
        self._begin_to_wait(row, now)
        if person.serving is None and person.on_shift(now):
            self._serve(self.wait[row - 1].agent, row, now)
        else:
            person.own.append(Waiting(row, self.asked, now, now + float(self.turns[row].patience), INFINITY))

    def _come_back_kept(self, agent: int, row: int, now: float) -> None:
        self._begin_to_wait(row, now)
        lane = int(self.turns[row].lane)
        if self.people[agent].serving is None and self.people[agent].on_shift(now):
            self._serve(agent, row, now)
            self._start_turn(lane, row, self._joining(lane, row), now, agent)
            return
        self._join(lane, row, now, agent)

    # -- order

    def _flow(self, row: int) -> int:
        turn = self.turns[row]
        return int(self.rule.flow[turn.klass if self.rule.by_class else turn.customer])

    def _joining(self, lane: int, row: int) -> float | None:
        """The round in which this flow's next turn joins; None in orders without rounds."""
        if self.rule.manner < BY_TURNS:
            return None
        previous = self.flow_round.get((lane, self._flow(row)), 0.0)
        if self.rule.manner == BY_TURNS:
            return joining_round(self.lane_round[lane], previous)  # type: ignore[arg-type]
        return max(self.lane_round[lane], previous) + float(self.rule.step[self._flow(row)])

    def _start_turn(self, lane: int, row: int, round_: float | None, now: float, for_agent: int = NOBODY) -> None:
        if round_ is None or self.rule.manner < BY_TURNS:
            return
        flow = self._flow(row)
        self.lane_round[lane] = max(self.lane_round[lane], round_)
        self.flow_round[lane, flow], self.flow_started[lane, flow] = round_, now
        following = self._next_of_flow(lane, row, for_agent)
        if following:
            following.round = self._joining(lane, row)
            following.place = turn_since(following.since, now)

    def _beside(self, lane: int, row: int, for_agent: int) -> list[Waiting]:
        """Those who share one place: the same flow, lane and, where one is kept for, agent."""
        flow = self._flow(row)
        return [w for w in self.lanes[lane] if self._flow(w.row) == flow and w.for_agent == for_agent]

    def _next_of_flow(self, lane: int, row: int, for_agent: int) -> Waiting | None:
        """The oldest of those beside this turn that stands behind another."""
        if self.rule.manner < BY_TURNS:
            return None
        return next((w for w in self._beside(lane, row, for_agent) if w.round is None), None)

    def _join(self, lane: int, row: int, now: float, for_agent: int = NOBODY) -> None:
        turn = self.turns[row]
        due = self._due(now, float(self.rule.classes[turn.klass].promise))
        waiting = Waiting(row, self.asked, now, now + float(turn.patience), due, place=now, for_agent=for_agent)
        waiting.opened = for_agent < 0
        if for_agent >= 0:
            waiting.opens = self._due(now, float(self.rule.keep[lane].hours))
            waiting.due = self._due(now, float(self.rule.keep[lane].promise))
        if self.rule.manner >= BY_TURNS:
            flow = self._flow(row)
            if not self._beside(lane, row, for_agent):
                waiting.round = self._joining(lane, row)
                waiting.place = turn_since(now, self.flow_started.get((lane, flow), -INFINITY))
        else:
            keys: dict[int, Any] = {BY_RANK: self.rule.classes[turn.klass].rank, BY_DUE: due}
            waiting.round = float(self.rule.column[row] if self.rule.manner == BY_COLUMN else keys[self.rule.manner])
        self.lanes[lane].append(waiting)

    def _due(self, since: float, promise: float) -> float:
        left = promise
        for opens, closes in self.desk_hours:
            begin = max(opens, since)
            if begin < closes:
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
        return INFINITY

    def _first_in(self, lane: int, agent: int, now: float) -> Waiting | None:
        first: Waiting | None = None
        for w in self.lanes[lane]:
            offered = w.round is not None and w.may_be_taken_by(agent, now)
            if offered and (first is None or self._before(w, first)):
                first = w
        return first

    def _own_first(self, agent: int) -> Waiting | None:
        own = [w for lane in self.lanes for w in lane if w.for_agent == agent and w.round is not None]
        if self.rule.manner >= BY_TURNS:
            return min(own, key=lambda w: (w.due, w.number), default=None)
        return min(own, key=lambda w: (w.round, w.place, w.number), default=None)

    @staticmethod
    def _before(a: Waiting, b: Waiting) -> bool:
        return comes_before(a.round, a.place, a.number, b.round, b.place, b.number)  # type: ignore[arg-type]

    def _first_for(self, agent: int, now: float) -> Waiting | None:
        """What is offered: the agent's own turn or the head of a lane of theirs."""
        heads = [self._own_first(agent), *(self._first_in(lane, agent, now) for lane in self.people[agent].lanes)]
        if self.rule.manner >= BY_TURNS:
            first = lane_due_first([w.due if w else 0.0 for w in heads], [int(w is not None) for w in heads])
            return heads[first] if first >= 0 else None
        best: Waiting | None = None
        for head in heads:
            if head and (best is None or self._before(head, best)):
                best = head
        return best
