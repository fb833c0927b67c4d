"""Three months at the demo desk: customers ask, agents take turns with them, and what follows follows."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from evenhand.line.models import Claim, Turn
from evenhand.people.models import Agent
from evenhand.promise.models import Promise

from .lanes import Lanes
from .reasons import LATER, NOTES, OTHER_NEED, OUT_OF_TURN
from .shifts import shifts
from .thread import Thread

EFFORT = 17.0  # minutes, the median; spread e^0.6
WAITS_LONG = timedelta(days=3)  # then what nobody answered is closed


class History:
    """Runs from the first arrival to `until`; what is under way then stays under way."""

    def __init__(self, random: Random, lanes: Lanes, since: datetime, until: datetime) -> None:
        self.random, self.lanes, self.since, self.until = random, lanes, since, until
        self.threads: list[Thread] = []
        self._of: dict[int, Thread] = {}  # by the turn under way
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._sequence = count()
        self._idle: dict[str, Agent] = {}
        self._goes: dict[str, datetime] = {}

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        if moment <= self.until:
            heapq.heappush(self._agenda, (moment, next(self._sequence), act))

    def staff(self, agent: Agent, promise: Promise) -> None:
        for comes, goes in shifts(self.random, promise, self.since, self.until):
            self.at(comes, lambda comes=comes, goes=goes: self._comes(agent, comes, goes))  # type: ignore[misc]

    def arrives(self, thread: Thread) -> None:
        """A question whose thread was prepared for its moment."""
        self.at(thread.row.opened_at, lambda: self._asks(thread, thread.words.question(), thread.row.opened_at))
        self.threads.append(thread)

    def thread_of(self, turn: Turn) -> Thread:
        return self._of[id(turn)]

    def run(self) -> None:
        while self._agenda:
            heapq.heappop(self._agenda)[2]()

    def _asks(self, thread: Thread, text: str, at: datetime) -> None:
        thread.say("customer", text, at)
        thread.reopens("reopened", at)
        self._joins(thread, at)

    def _joins(self, thread: Thread, at: datetime) -> None:
        if thread.turn is None:
            row = thread.row
            kind = Turn.Kind.NEXT if row.first_replied_at else Turn.Kind.FIRST
            turn = self.lanes.join(row.account, row.need, kind, row.language, row.topic, row.assignee, at)
            self._of[id(turn)] = thread
            thread.waits(turn)
        for agent in list(self._idle.values()):
            self._next(agent, at)

    def _later(self, thread: Thread, kind: str, at: datetime, hours: float) -> None:
        """The customer writes once more, if the thread is still as it was."""
        answers, moment = thread.answers, at + timedelta(hours=self.random.lognormvariate(0, 0.9) * hours)

        def write() -> None:
            if thread.answers == answers and thread.turn is None:
                thread.ending = kind == "thanks"
                self._asks(thread, thread.words.customer(kind), moment)

        self.at(moment, write)

    def _comes(self, agent: Agent, at: datetime, goes: datetime) -> None:
        self._goes[agent.email] = goes
        self._next(agent, at)

    def _next(self, agent: Agent, at: datetime) -> None:
        """Take the next turn, wait for one, or go home."""
        self._idle.pop(agent.email, None)
        if at >= self._goes[agent.email]:
            return
        strays = self.lanes.out_of_turn(agent, at, self.random) if self.random.random() < 0.02 else None
        offered = (strays, Claim.Way.OUT_OF_TURN) if strays else self.lanes.offer(agent, at)
        if offered is None:
            self._idle[agent.email] = agent
            return
        turn, way = offered
        reason = self.random.choice(OUT_OF_TURN) if way == Claim.Way.OUT_OF_TURN else ""
        self.lanes.claim(turn, agent, way, at, reason)
        self._works(self._of[id(turn)], turn, agent, at, reason)

    def _works(self, thread: Thread, turn: Turn, agent: Agent, at: datetime, reason: str) -> None:
        thread.row.assignee = agent
        thread.happened("taken out of turn" if reason else "taken", at, agent, reason=reason)
        if not reason and self.random.random() < 0.02:
            back = at + timedelta(minutes=self.random.uniform(1, 4))
            self.at(back, lambda: self._leaves(thread, turn, agent, back))
            return
        minutes = 3 if thread.ending else self.random.lognormvariate(0, 0.6) * EFFORT
        done = at + timedelta(minutes=max(1.5, minutes))
        self.at(done, lambda: self._finishes(thread, turn, agent, done))

    def _leaves(self, thread: Thread, turn: Turn, agent: Agent, at: datetime) -> None:
        reason = self.random.choice(LATER)
        self.lanes.put_back(turn, agent, at, reason)
        thread.row.assignee = None
        thread.happened("put back", at, agent, reason=reason)
        self._next(agent, at)

    def _finishes(self, thread: Thread, turn: Turn, agent: Agent, at: datetime) -> None:
        if not thread.ending and self.random.random() < 0.03:
            turn = self._corrects(thread, turn, agent, at)
        if self.random.random() < 0.06:
            thread.say("note", self.random.choice(NOTES), at - timedelta(minutes=1), agent)
        if not thread.row.tags and self.random.random() < 0.6:
            thread.row.tags = [thread.words.topic["tag"]]
            thread.happened("tagged", at, agent, added=thread.row.tags, removed=[])
        self._answers(thread, turn, agent, at)
        self._next(agent, at)

    def _corrects(self, thread: Thread, turn: Turn, agent: Agent, at: datetime) -> Turn:
        row = thread.row
        after, reason = self.random.choice([each for each in OTHER_NEED if each[0] != row.need])
        moved = self.lanes.move(turn, after, row.language, row.topic, at)
        self._of[id(moved)] = thread
        thread.waits(moved)
        thread.happened("need corrected", at, agent, before=row.need, after=after, reason=reason)
        row.need = after
        return moved

    def _answers(self, thread: Thread, turn: Turn, agent: Agent, at: datetime) -> None:
        chance, broken = self.random.random(), thread.words.topic["need"] in ("blocked", "hindered")
        if thread.ending and chance < 0.4:
            self.lanes.end(turn, Turn.Outcome.WITHDRAWN, at)
            thread.closes(at, agent)
            return
        asks_back = broken and thread.answers == 0 and chance < 0.24
        kind = "glad" if thread.ending else "need_more" if asks_back else "final" if thread.explained else "answer"
        self.lanes.end(turn, Turn.Outcome.ANSWERED, at)
        thread.answered(kind, agent, at)
        if asks_back:
            self._later(thread, "more", at, 3)
        elif kind == "glad" or chance < 0.6:
            thread.closes(at, agent)
            if kind != "glad" and self.random.random() < 0.22:
                self._later(thread, "thanks", at, 4)
        elif broken and thread.answers < 3 and self.random.random() < 0.4:
            self._later(thread, "still", at, 6)
        elif self.random.random() < 0.25:
            self._puts_aside(thread, agent, at)
        self._tidies(thread, agent, at)

    def _puts_aside(self, thread: Thread, agent: Agent, at: datetime) -> None:
        until = (at + timedelta(days=self.random.randrange(1, 6))).replace(hour=8, minute=0, second=0, microsecond=0)
        thread.snoozes(at, until, agent)

        def wake() -> None:
            if thread.row.state == "snoozed":
                thread.ending = True
                thread.reopens("woken", until)
                self._joins(thread, until)

        self.at(until, wake)

    def _tidies(self, thread: Thread, agent: Agent, at: datetime) -> None:
        """What has been silent for days is closed."""
        answers, moment = thread.answers, at + WAITS_LONG

        def close() -> None:
            if thread.row.state == "open" and thread.turn is None and thread.answers == answers:
                thread.closes(moment, agent)

        self.at(moment, close)
