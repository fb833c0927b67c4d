from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.utils import timezone

from evenhand.line import taking
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person
from evenhand.promise.need import Need

from . import leaving
from .attachment import Upload
from .link import Link
from .message import Message
from .row import ConversationRow, one_line

if TYPE_CHECKING:
    from .conversation import Conversation


class Answered(Exception):
    """A colleague answered since this agent last looked."""


class AgentVerbs(ConversationRow):
    """What an agent does."""

    class Meta:
        abstract = True

    @transaction.atomic
    def reply(
        self,
        agent: Agent,
        text: str,
        *,
        html: str = "",
        uploads: Iterable[Upload] = (),
        cc: Iterable[str] = (),
        leaves_at: datetime | None = None,
        close: bool = False,
        at: datetime | None = None,
        seen: int | None = None,
    ) -> Message:
        """Answer the customer. The message waits with `sent_at` empty until channels sends it, not before `leaves_at`.
        Raises Answered when a colleague has answered after the message `seen`."""
        at = at or timezone.now()
        turn = self.lock()  # two who press send at one moment stand in line here, and the second is told
        if seen is not None and self._answers_since(seen, agent).exists():
            raise Answered
        if self.state in (self.State.CLOSED, self.State.SNOOZED, self.State.QUARANTINED):
            self._open("reopened", agent=agent)
        message = self._add(
            Message.Kind.AGENT, text, agent=agent, html=html, uploads=uploads, cc=cc, at=at, leaves_at=leaves_at or at
        )
        self._answered(at, turn)
        self.assignee = agent
        if close:
            self._close(agent=agent, at=at)
        self.save()
        leaving.at(message.leaves_at)
        self._tell("replied", agent)
        return message

    def answers_since(self, seen: int, agent: Agent) -> list[Message]:
        """What colleagues of this agent answered after the message `seen`."""
        return list(self._answers_since(seen, agent).select_related("agent").order_by("pk"))

    def _answers_since(self, seen: int, agent: Agent) -> models.QuerySet[Message]:
        return Message.objects.filter(conversation=self.pk, kind=Message.Kind.AGENT, pk__gt=seen).exclude(agent=agent)

    @transaction.atomic
    def note(self, agent: Agent, text: str, *, html: str = "", uploads: Iterable[Upload] = ()) -> Message:
        """Something only colleagues read."""
        self.lock()
        message = self._add(Message.Kind.NOTE, text, agent=agent, html=html, uploads=uploads, at=timezone.now())
        self.save()
        self._tell("noted", agent)
        return message

    @transaction.atomic
    def assign(self, to: Agent | None, by: Agent) -> None:
        """Hand the conversation to a colleague, or to nobody."""
        self.lock()
        if self.assignee_id == (to.pk if to else None):
            return
        self.assignee = to
        self.save(update_fields=["assignee"])
        if to:
            taking.give(self.number, to)
        self._happened("assigned", agent=by, to=to.name if to else "")

    @transaction.atomic
    def take(self, agent: Agent, reason: str) -> None:
        """Take it out of turn; raises `taking.Taken`."""
        turn = taking.take(agent, self.number, reason)
        self._taken_by(agent, out_of_turn=bool(turn.claims.filter(way="out_of_turn").exists()), reason=reason)

    @classmethod
    @transaction.atomic
    def take_next(cls, agent: Agent) -> Self | None:
        """The conversation whose turn it is for this agent; None when nobody waits whom they may serve."""
        turn = taking.take_next(agent)
        if turn is None:
            return None
        conversation = cls._default_manager.get(number=turn.number)
        conversation._taken_by(agent)
        return conversation

    def _taken_by(self, agent: Agent, *, out_of_turn: bool = False, reason: str = "") -> None:
        type(self)._default_manager.filter(pk=self.pk).update(assignee=agent)
        self.assignee = agent
        self._happened("taken out of turn" if out_of_turn else "taken", agent=agent, reason=reason)

    @transaction.atomic
    def put_back(self, agent: Agent, reason: str) -> None:
        """Leave it for a colleague, in its place in the line; raises `taking.Taken`."""
        taking.put_back(agent, self.number, reason)
        self.lock()
        if self.assignee_id == agent.pk:
            self.assignee = None
        self.save(update_fields=["assignee"])
        self._happened("put back", agent=agent, reason=reason)

    @transaction.atomic
    def close(self, agent: Agent | None = None, person: Person | None = None) -> None:
        """Finished, said by an agent or by the customer."""
        self.lock()
        if self.state == self.State.CLOSED:
            return
        self._close(agent=agent, person=person, at=timezone.now())
        self.save()
        self._tell("closed", agent)

    @transaction.atomic
    def reopen(self, agent: Agent | None = None, person: Person | None = None) -> None:
        """Not finished after all. Whoever was waiting for an answer when it was closed waits again, and so does a
        customer who says that it is not."""
        self.lock()
        if self.state in (self.State.OPEN, self.State.MERGED):
            return
        self._open("reopened", agent=agent, person=person)
        latest = (
            Message.objects.filter(conversation_id=self.pk, kind__in=[Message.Kind.CUSTOMER, Message.Kind.AGENT])
            .order_by("-id")
            .first()
        )
        if person or (latest and latest.kind == Message.Kind.CUSTOMER):
            self._wait(timezone.now())
        self.save()
        self._tell("reopened", agent)

    @transaction.atomic
    def snooze(self, agent: Agent, until: datetime) -> None:
        """Put aside until a moment; a letter of the customer brings it back sooner."""
        self.lock()
        Turn.end(self.number, Turn.Outcome.WITHDRAWN)
        self.state, self.snoozed_until = self.State.SNOOZED, until
        self.waiting_since = self.due_at = None
        self.changed_at = timezone.now()
        self.save()
        self._happened("snoozed", agent=agent, until=until.isoformat())

    @transaction.atomic
    def wake(self) -> None:
        """The snooze is over: it waits again, for the agent who put it aside if they are there."""
        self.lock()
        if self.state != self.State.SNOOZED:
            return
        self._open("woken")
        self._wait(timezone.now())
        self.save()
        self._tell("woken")

    @transaction.atomic
    def tag(self, agent: Agent, tags: Iterable[str]) -> None:
        """Set the tags."""
        self.lock()
        before, after = set(self.tags), {one_line(tag).lower()[:40] for tag in tags if tag.strip()}
        if before == after:
            return
        self.tags = sorted(after)
        self.save(update_fields=["tags"])
        self._happened("tagged", agent=agent, added=sorted(after - before), removed=sorted(before - after))

    @transaction.atomic
    def correct_need(self, need: str, reason: str, agent: Agent | None = None, person: Person | None = None) -> None:
        """The need was another one: an agent says why, or the customer answers the impact questions. The wait counts
        from the same moment; the due time follows the new need."""
        self.lock()
        if need == self.need:
            return
        before, self.need = self.need, Need(need).value
        Turn.move(self.number, self.need, self.team_id, self.language, self.topic)
        turn = Turn.objects.live().filter(number=self.number).first()
        self.due_at = turn.due_at if turn else None
        self.save(update_fields=["need", "due_at"])
        self._happened("need corrected", agent=agent, person=person, before=before, after=need, reason=reason)

    @transaction.atomic
    def merge(self, into: Conversation, agent: Agent) -> None:
        """This one was about the same thing as `into`: its messages move there, and late letters follow. Raises
        ValueError."""
        # Looked at under both locks, taken in one order: of two agents who merge each into the other one comes too late.
        for each in sorted((self, into), key=lambda each: each.pk):
            each.lock()
        if self.pk == into.pk or self.State.MERGED in (self.state, into.state):
            raise ValueError("A conversation can be merged into another one, where neither is merged already.")
        if self.person_id != into.person_id:  # each would read the other's words through their own link
            raise ValueError(
                "These are two people's conversations, and each would read the other's words. Answer both."
            )
        waiting_since = self.waiting_since
        Turn.end(self.number, Turn.Outcome.WITHDRAWN)
        Message.objects.filter(conversation_id=self.pk).update(conversation=into)
        Link.objects.filter(conversation_id=self.pk).update(conversation=into)
        into.message_count += self.message_count
        into.changed_at = timezone.now()
        if waiting_since:
            into._wait(waiting_since)
        into.save()
        self.state, self.merged_into = self.State.MERGED, into
        self.waiting_since = self.due_at = self.assignee = None
        self.message_count = 0
        self.save()
        self._happened("merged", agent=agent, into=into.number)
        into._happened("merged in", agent=agent, number=self.number)

    @transaction.atomic
    def release(self, agent: Agent) -> None:
        """Out of quarantine: an agent looked and it is a letter like any other. It has waited since it arrived."""
        self.lock()
        if self.state != self.State.QUARANTINED:
            return
        self._open("released", agent=agent)
        self._wait(self.opened_at)
        self.save()
        self._tell("released", agent)
