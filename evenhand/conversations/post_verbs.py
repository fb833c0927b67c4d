from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import linebreaks

from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person

from .attachment import Upload
from .customer_verbs import CustomerVerbs
from .draft import Draft
from .message import Message, TooLate
from .row import one_line


class PostVerbs(CustomerVerbs):
    """What the post does: answers leave, or come back, and strangers write."""

    class Meta:
        abstract = True

    @transaction.atomic
    def hear(
        self,
        person: Person,
        problem: str,
        text: str,
        *,
        html: str = "",
        quoted: str = "",
        uploads: Iterable[Upload] = (),
    ) -> Message:
        """Somebody who is not part of this conversation wrote to it. It is kept as a note, which no customer sees, the
        requester stays who they are, and the conversation waits for an agent to look."""
        self.lock()
        at = timezone.now()
        message = self._add(Message.Kind.NOTE, text, person=person, html=html, quoted=quoted, uploads=uploads, at=at)
        if self.state in (self.State.CLOSED, self.State.SNOOZED):
            self._open("reopened", person=person)
        if self.state == self.State.OPEN:
            self._wait(at)
        self.save()
        self._happened("stranger wrote", person=person, problem=problem, message=message.pk)
        return message

    @transaction.atomic
    def take_back(self, agent: Agent, message_id: int) -> Draft:
        """Undo an answer of which no letter was made: its words are a draft again, and the customer waits again, in the same
        hands or the same place, as if it had not been written. Raises TooLate. (A letter is taken back by whoever made
        it, and protects its message.)"""
        at = Message.objects.filter(pk=message_id).values_list("at", flat=True).first()
        later = Message.objects.filter(conversation=self.pk, kind=Message.Kind.AGENT, pk__gt=message_id).exists()
        turn = Turn.resume(self.pk, at) if at and not later else None
        self.lock()
        message = self._still_here(agent, message_id)
        draft = self._as_draft(message, agent)
        if self.first_replied_at == message.at:
            self.first_replied_at = None
        if self.closed_at == message.at:
            self.state, self.closed_at = self.State.OPEN, None
        if turn:
            self.waiting_since, self.due_at = turn.waiting_since, turn.due_at
        elif not later:
            self._wait_as_merged(message.at)
        self._forget(message)
        self.save()
        self._happened("taken back", agent=agent)
        return draft

    def _wait_as_merged(self, answered_at: datetime) -> None:
        """Who had that answer in a conversation that was merged into this one since waits here."""
        merged = self._meta.model._default_manager.filter(merged_into=self.pk).values("pk")
        ended = Turn.objects.filter(number__in=merged, outcome=Turn.Outcome.ANSWERED, ended_at=answered_at).first()
        if ended:
            self._wait(ended.waiting_since)

    def _as_draft(self, message: Message, agent: Agent) -> Draft:
        draft = Draft.of(self.pk, agent, Message.Kind.AGENT)
        draft.html = (message.html or linebreaks(message.text, autoescape=True)) + draft.html
        draft.save()
        draft.take(message)
        return draft

    def _still_here(self, agent: Agent, message_id: int) -> Message:
        mine = Message.objects.filter(pk=message_id, conversation=self.pk, kind=Message.Kind.AGENT, agent=agent)
        message = mine.filter(sent_at=None, failed_at=None).select_for_update().first()
        if message is None:
            raise TooLate(TooLate.LEFT)
        return message

    def _forget(self, message: Message) -> None:
        message.delete()
        self.message_count -= 1
        last = Message.objects.filter(conversation=self.pk).exclude(kind=Message.Kind.NOTE).order_by("-pk").first()
        self.preview = one_line(last.text)[:200] if last else ""

    @transaction.atomic(savepoint=False)
    def went(self, message: Message, at: datetime) -> None:
        """An answer has left the house, for somebody at least."""
        if message.sent_at is None:
            message.sent_at = at
            Message.objects.filter(pk=message.pk).update(sent_at=at)
        self._tell("sent")

    def waits(self) -> None:
        """An answer could not leave yet: pages that show it look anew."""
        self._tell("waits")

    @transaction.atomic
    def came_back(
        self, message: Message | None, why: str, *, permanent: bool = True, addresses: Sequence[str] = ()
    ) -> None:
        """An answer did not reach the customer. A permanent failure is marked on the message, and a conversation that
        was thought finished is open again: the customer has no answer. `addresses`: at which it is known to have failed."""
        self.lock()
        at = timezone.now()
        if permanent:
            if message is not None and message.kind == Message.Kind.AGENT:
                Message.objects.filter(pk=message.pk).update(failed_at=at, failure=why[:300])
            if self.state in (self.State.CLOSED, self.State.SNOOZED):
                self._open("reopened")
            self.save()
        what = "not delivered" if permanent else "delayed"
        at_these: dict[str, Any] = {"addresses": list(addresses)} if addresses else {}
        self._happened(what, message=message.pk if message else None, why=why[:300], **at_these)
