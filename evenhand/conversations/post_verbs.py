from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evenhand.people.models import Person

from .attachment import Upload
from .customer_verbs import CustomerVerbs
from .message import Message


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
    def went(self, message: Message, at: datetime) -> None:
        """An answer has left the house."""
        Message.objects.filter(pk=message.pk).update(sent_at=at)
        self._tell("sent")

    @transaction.atomic
    def came_back(self, message: Message | None, why: str, *, permanent: bool = True) -> None:
        """An answer did not reach the customer. A permanent failure is marked on the message, and a conversation that
        was thought finished is open again: the customer has no answer."""
        self.lock()
        at = timezone.now()
        if permanent:
            if message is not None and message.kind == Message.Kind.AGENT:
                Message.objects.filter(pk=message.pk).update(failed_at=at, failure=why[:300])
            if self.state in (self.State.CLOSED, self.State.SNOOZED):
                self._open("reopened")
            self.save()
        what = "not delivered" if permanent else "delayed"
        self._happened(what, message=message.pk if message else None, why=why[:300])
