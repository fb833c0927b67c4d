from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import connection, models, transaction
from django.db.models import F, Max, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT, joining_round
from evenhand.people.models import Account, Agent
from evenhand.promise.models import Promise

from .lane import Lane

# What an account had in a lane before: whether it waits there (`beside`), and the round of its previous turn.
BEFORE = """
    SELECT EXISTS (
        SELECT FROM line_turn WHERE lane_id = %(lane)s AND account_id = %(account)s AND claimed_at IS NULL
        AND ended_at IS NULL AND for_agent_id IS NOT DISTINCT FROM %(agent)s::bigint
    ), (
        SELECT round FROM line_turn WHERE lane_id = %(lane)s AND account_id = %(account)s
        AND claimed_at IS NOT NULL AND round IS NOT NULL ORDER BY round DESC LIMIT 1
    )
"""


class TurnQuerySet(models.QuerySet["Turn"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def waiting(self) -> Self:
        return self.filter(claimed_at=None, ended_at=None)

    def held(self) -> Self:
        return self.filter(claimed_at__isnull=False, ended_at=None)

    def placed(self) -> Self:
        """Those with a place in the order; the rest stand behind an earlier turn of their own account."""
        return self.waiting().filter(round__isnull=False)

    def in_order(self) -> Self:
        """The order inside a lane: `fairness.turns.comes_before`, said in SQL."""
        return self.order_by("round", "turn_since", "id")

    def before(self, turn: Turn) -> Self:
        """The places in front of `turn`'s in its lane."""
        ahead = RawSQL("(round, turn_since, line_turn.id) < (%s, %s, %s)", (turn.round, turn.turn_since, turn.pk))
        return self.placed().filter(lane_id=turn.lane_id).alias(ahead=ahead).filter(ahead=True)

    def beside(self, turn: Turn) -> Self:
        """Those who share one place with `turn`: the same account, lane and, where one is kept for, agent."""
        return self.waiting().filter(lane_id=turn.lane_id, account_id=turn.account_id, for_agent_id=turn.for_agent_id)


class Turn(models.Model):
    """One wait of one conversation for one answer, from the question until the answer or the withdrawal.

    An account has one place in a lane, however much of it waits there; the turns behind have no round yet.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "First reply"
        NEXT = "next", "Next reply"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"  # closed, merged, snoozed or marked as spam before an answer
        MOVED = "moved", "Moved to another lane"

    number = models.BigIntegerField(help_text="The conversation's number; the line knows nothing more of it.")
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="turns")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    waiting_since = models.DateTimeField()
    due_at = models.DateTimeField()
    round = models.BigIntegerField(null=True, blank=True, help_text="Empty: behind an earlier turn of its account.")
    turn_since = models.DateTimeField(null=True, blank=True, help_text="Since when it has had its place.")
    for_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="+")
    open_at = models.DateTimeField(help_text="From when others than `for_agent` may take it.")
    claimed_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=Q(ended_at=None), name="one_live_turn"),
            models.UniqueConstraint(
                fields=["lane", "account", "for_agent"],
                condition=Q(claimed_at=None, ended_at=None, round__isnull=False),
                nulls_distinct=False,
                name="one_place_each",
            ),
        ]
        indexes = [
            models.Index(
                "lane",
                "round",
                "turn_since",
                "id",
                name="turn_in_order",
                condition=Q(claimed_at=None, ended_at=None, round__isnull=False),
            ),
            models.Index("lane", "account", "id", name="turn_waiting", condition=Q(claimed_at=None, ended_at=None)),
            models.Index("for_agent", "due_at", name="turn_for_agent", condition=Q(claimed_at=None, ended_at=None)),
            models.Index("claimed_by", name="turn_held", condition=Q(claimed_at__isnull=False, ended_at=None)),
            models.Index(
                "lane", "account", F("round").desc(), name="turn_last_round", condition=Q(round__isnull=False)
            ),
            models.Index("lane", F("claimed_at").desc(), name="turn_recent", condition=Q(claimed_at__isnull=False)),
            models.Index("number", name="turn_number"),
        ]

    def __str__(self) -> str:
        return f"turn of {self.number}"

    @classmethod
    @transaction.atomic(savepoint=False)
    def join(
        cls,
        number: int,
        account_id: int,
        need: str,
        kind: str,
        team_id: int,
        language: str = "",
        topic: str = "",
        for_agent: Agent | None = None,
        since: datetime | None = None,
        promise: Promise | None = None,
        *,
        new: bool = False,
    ) -> Turn:
        """Let conversation `number` wait for an answer. While it waits already nothing changes: asking again neither
        loses nor gains a place. `promise` is the one in force `since`, where it is at hand; a `new` one waits nowhere."""
        waiting = None if new else cls.objects.live().filter(number=number).first()
        if waiting:
            return waiting
        since = since or timezone.now()
        hours, minutes = (promise := promise or Promise.current(since)).hours, promise.minutes_for(need, kind)
        kept = for_agent if for_agent and for_agent.is_active and for_agent.away_since is None else None
        turn = cls(
            number=number,
            lane=Lane.for_wait(need, team_id, language, topic),
            account_id=account_id,
            kind=kind,
            waiting_since=since,
            due_at=hours.due_after(since, minutes),
            for_agent=kept,
            open_at=hours.due_after(since, int(minutes * KEPT_FOR_THEIR_AGENT)) if kept else since,
        )
        with connection.cursor() as cursor:
            cursor.execute(BEFORE, {"lane": turn.lane_id, "account": account_id, "agent": turn.for_agent_id})
            waits, previous = cursor.fetchone()
        if not waits:
            turn._place(since, previous or 0)
        turn.save(force_insert=True)
        return turn

    def _place(self, since: datetime, previous_round: int) -> None:
        """Take a place at the back of the lane, whose row is locked."""
        self.round = joining_round(self.lane.current_round, previous_round)
        self.turn_since = since

    def _previous_round(self) -> int:
        """The round of this account's previous turn in the lane, 0 for none."""
        previous = Turn.objects.filter(lane_id=self.lane_id, account_id=self.account_id, claimed_at__isnull=False)
        latest: int | None = previous.aggregate(Max("round"))["round__max"]
        return latest or 0

    def started(self, at: datetime) -> None:
        """This turn was taken: its account's next one goes to the back of the lane, whose row is locked."""
        if self.round is None:  # taken out of turn from behind: the account's place stays as it is
            return
        if self.lane.current_round < self.round:
            Lane.objects.filter(pk=self.lane_id).update(current_round=self.round)
            self.lane.current_round = self.round
        self._move_up_next(joining_round(self.lane.current_round, self.round), at)

    def _move_up_next(self, to_round: int, since: datetime | None) -> None:
        """Give a place to what this turn's account has waited with longest behind it, if anything."""
        behind = Turn.objects.beside(self).filter(round=None).order_by("waiting_since", "id")
        Turn.objects.filter(pk__in=behind.values("pk")[:1]).update(round=to_round, turn_since=since)

    def put_back(self) -> None:
        """Wait again, in the place this turn had. A turn of the same account that moved up meanwhile steps behind."""
        Turn.objects.beside(self).filter(round__isnull=False).exclude(pk=self.pk).update(round=None, turn_since=None)
        self.claimed_by = self.claimed_at = None
        self.open_at = timezone.now()
        if self.round is None:
            self._place(self.waiting_since, self._previous_round())
        self.save(update_fields=["claimed_by", "claimed_at", "open_at", "round", "turn_since"])

    def _hand_on_place(self) -> None:
        """Leaving unanswered: the account's next turn takes over this one's place."""
        if self.round is not None and self.claimed_at is None:
            self._move_up_next(self.round, self.turn_since)

    @classmethod
    @transaction.atomic
    def end(cls, number: int, outcome: str, at: datetime | None = None) -> Turn | None:
        """The wait of conversation `number` is over: answered, withdrawn or moved. The turn that ended, if one did."""
        turn = cls.lock(number)
        if turn:
            turn.finish(outcome, at or timezone.now())
        return turn

    def finish(self, outcome: str, at: datetime) -> None:
        """The wait is over, and its place goes to the account's next. The turn is locked (`lock`)."""
        self.ended_at, self.outcome = at, outcome
        Turn.objects.filter(pk=self.pk).update(ended_at=at, outcome=outcome)
        self._hand_on_place()

    @classmethod
    @transaction.atomic
    def resume(cls, number: int, ended_at: datetime) -> Turn | None:
        """The answer of `ended_at` was taken back: wait again, in the same hands or in the place it had. Asking again
        meanwhile does not count twice. The turn that waits again, if an answer had ended one."""
        turn = cls.objects.filter(number=number, outcome=cls.Outcome.ANSWERED, ended_at=ended_at).first()
        if turn is None:
            return None
        turn.lane = Lane.objects.select_for_update().get(pk=turn.lane_id)
        cls.end(number, cls.Outcome.WITHDRAWN)
        if turn.claimed_at is None and turn.round is not None:
            cls.objects.beside(turn).filter(round__isnull=False).update(round=None, turn_since=None)
        turn.ended_at, turn.outcome = None, ""
        turn.save(update_fields=["ended_at", "outcome"])
        return turn

    @classmethod
    def lock(cls, number: int) -> Turn | None:
        """The live turn of conversation `number`, with its lane locked. Always before the conversation itself is
        locked: whoever takes a turn holds the lane first, too."""
        lane = Lane.objects.select_for_update(of=("self",)).filter(turns__number=number, turns__ended_at=None).first()
        if lane is None:
            return None
        turn = cls.objects.live().filter(number=number).select_for_update().first()
        if turn and turn.lane_id == lane.pk:
            turn.lane = lane
        return turn

    @classmethod
    @transaction.atomic
    def move(
        cls, number: int, need: str, team_id: int, language: str, topic: str, account_id: int | None = None
    ) -> None:
        """Wait in another lane, or with another account, since the same moment: a corrected need, team, topic or person."""
        turn = cls.end(number, cls.Outcome.MOVED)
        if turn is None:
            return
        moved = cls.join(
            number,
            account_id or turn.account_id,
            need,
            turn.kind,
            team_id,
            language,
            topic,
            turn.for_agent,
            turn.waiting_since,
        )
        if turn.claimed_at:  # it stays in the hands it is in
            cls.objects.filter(pk=moved.pk).update(claimed_by=turn.claimed_by_id, claimed_at=turn.claimed_at)
            moved.started(turn.claimed_at)

    @classmethod
    def release_from(cls, agent: Agent) -> None:
        """Open what was kept for an agent to everyone: they are away, or gone."""
        now = timezone.now()
        cls.objects.waiting().filter(for_agent=agent, open_at__gt=now).update(open_at=now)
