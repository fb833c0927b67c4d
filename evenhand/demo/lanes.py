"""The demo's line, kept in memory: the steps of `line.models.Turn` over rows that are not saved yet.

Rounds come from `fairness.turns`, as they do at the live desk, so the history the demo shows is one that the desk's
own rule made. A test lets both serve the same customers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT, joining_round
from evenhand.line.models import Claim, Lane, Skip, Turn
from evenhand.line.taking import SKIP_LASTS
from evenhand.people.models import Account, Agent, Team
from evenhand.people.pool import narrowed
from evenhand.promise.models import Promise


class Lanes:
    """Every lane with who waits in it, and all turns, claims and skips there have been."""

    def __init__(self, team: Team, agents: list[Agent], promises: list[Promise]) -> None:
        self.team, self.agents, self.promises = team, agents, promises
        self.lanes: dict[tuple[str, str, str], Lane] = {}
        self.waiting: dict[tuple[str, str, str], list[Turn]] = {}
        self.turns: list[Turn] = []
        self.claims: list[Claim] = []
        self.skips: list[Skip] = []
        self._last_round: dict[tuple[int, int], int] = {}
        self._key: dict[int, tuple[str, str, str]] = {}
        self._order: dict[int, int] = {}

    def promise_at(self, at: datetime) -> Promise:
        return next(each for each in reversed(self.promises) if each.applies_from <= at)

    def join(
        self,
        account: Account,
        need: str,
        kind: str,
        language: str,
        topic: str,
        for_agent: Agent | None,
        since: datetime,
    ) -> Turn:
        pool = (
            narrowed(language, [list(agent.languages) for agent in self.agents]),
            narrowed(topic, [list(agent.topics) for agent in self.agents]),
        )
        key = (need, *pool)
        lane = self.lanes.setdefault(key, Lane(need=need, team=self.team, language=pool[0], topic=pool[1]))
        hours, minutes = (promise := self.promise_at(since)).hours, promise.minutes_for(need, kind)
        turn = Turn(
            lane=lane,
            account=account,
            kind=kind,
            waiting_since=since,
            due_at=hours.due_after(since, minutes),
            for_agent=for_agent,
            open_at=hours.due_after(since, int(minutes * KEPT_FOR_THEIR_AGENT)) if for_agent else since,
        )
        self._key[id(turn)], self._order[id(turn)] = key, len(self.turns)
        if not any(True for _ in self._beside(turn)):
            self._place(turn, since, self._previous(turn))
        self.turns.append(turn)
        self.waiting.setdefault(key, []).append(turn)
        return turn

    def _beside(self, turn: Turn) -> Iterator[Turn]:
        """Those who share one place with `turn`; `Turn.objects.beside`."""
        for each in self.waiting.get(self._key[id(turn)], []):
            if each is not turn and each.account is turn.account and each.for_agent is turn.for_agent:
                yield each

    def _previous(self, turn: Turn) -> int:
        return self._last_round.get((id(turn.lane), id(turn.account)), 0)

    def _place(self, turn: Turn, since: datetime, previous_round: int) -> None:
        turn.round, turn.turn_since = joining_round(turn.lane.current_round, previous_round), since

    def _following(self, turn: Turn) -> Turn | None:
        behind = [each for each in self._beside(turn) if each.round is None]
        return min(behind, key=lambda each: (each.waiting_since, self._order[id(each)]), default=None)

    def place(self, turn: Turn) -> tuple[int, datetime, int]:
        """Where a placed turn stands in its lane."""
        return turn.round or 0, turn.turn_since or turn.waiting_since, self._order[id(turn)]

    def offer(self, agent: Agent, at: datetime) -> tuple[Turn, str] | None:
        """The turn that is this agent's to take now, and in which way; `taking.offer`."""
        skipped = {id(each.turn) for each in self.skips[-40:] if each.agent is agent and each.at > at - SKIP_LASTS}
        heads, own = [], []
        for key, waiting in self.waiting.items():
            if not agent.can_take(key[1], key[2]):
                continue
            placed = [each for each in waiting if each.round is not None and id(each) not in skipped]
            own += [each for each in placed if each.for_agent is agent]
            mine = [each for each in placed if each.for_agent in (None, agent) or each.open_at <= at]
            heads += [min(mine, key=self.place)] if mine else []
        head = min(heads, key=lambda each: each.due_at, default=None)
        kept = min(own, key=lambda each: (each.due_at, self._order[id(each)]), default=None)
        if kept and (head is None or kept.due_at <= head.due_at):
            return kept, Claim.Way.OWN
        return (head, Claim.Way.NEXT) if head else None

    def out_of_turn(self, agent: Agent, at: datetime, random: Random) -> Turn | None:
        """Some turn this agent could take but is not offered."""
        offered = self.offer(agent, at)
        others = [
            each
            for key, waiting in self.waiting.items()
            for each in waiting
            if agent.can_take(key[1], key[2]) and offered and each is not offered[0] and each.for_agent in (None, agent)
        ]
        return random.choice(others) if others else None

    def claim(self, turn: Turn, agent: Agent, way: str, at: datetime, reason: str = "") -> None:
        self.waiting[self._key[id(turn)]].remove(turn)
        turn.claimed_by, turn.claimed_at = agent, at
        self.claims.append(Claim(turn=turn, agent=agent, at=at, way=way, reason=reason))
        self._started(turn, at)

    def _started(self, turn: Turn, at: datetime) -> None:
        if turn.round is None:
            return
        turn.lane.current_round = max(turn.lane.current_round, turn.round)
        self._last_round[id(turn.lane), id(turn.account)] = max(turn.round, self._previous(turn))
        if following := self._following(turn):
            self._place(following, at, turn.round)

    def put_back(self, turn: Turn, agent: Agent, at: datetime, reason: str) -> None:
        """Back to the place it had; `Turn.put_back`."""
        self.skips.append(Skip(turn=turn, agent=agent, at=at, reason=reason))
        self.claims[-1 - next(n for n, each in enumerate(reversed(self.claims)) if each.turn is turn)].put_back_at = at
        for each in self._beside(turn):
            each.round = each.turn_since = None
        turn.claimed_by = turn.claimed_at = None
        turn.open_at = at
        if turn.round is None:
            self._place(turn, turn.waiting_since, self._previous(turn))
        self.waiting[self._key[id(turn)]].append(turn)

    def end(self, turn: Turn, outcome: str, at: datetime) -> None:
        if turn.claimed_at is None:
            self.waiting[self._key[id(turn)]].remove(turn)
            following = self._following(turn)
            if turn.round is not None and following:
                following.round, following.turn_since = turn.round, turn.turn_since
        turn.ended_at, turn.outcome = at, outcome

    def move(self, turn: Turn, need: str, language: str, topic: str, at: datetime) -> Turn:
        """The need of a claimed turn was another one; `Turn.move`."""
        self.end(turn, Turn.Outcome.MOVED, at)
        moved = self.join(turn.account, need, turn.kind, language, topic, turn.for_agent, turn.waiting_since)
        self.waiting[self._key[id(moved)]].remove(moved)
        moved.claimed_by, moved.claimed_at = turn.claimed_by, turn.claimed_at
        self._started(moved, at)
        return moved
