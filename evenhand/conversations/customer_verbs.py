from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import transaction
from django.utils import timezone

from evenhand.line.models import Turn
from evenhand.people.models import Person, Team
from evenhand.promise.models import Promise
from evenhand.promise.need import Need

from .agent_verbs import AgentVerbs
from .attachment import Upload
from .message import Message
from .row import PREVIEW_LENGTH, one_line


class CustomerVerbs(AgentVerbs):
    """What a customer does."""

    class Meta:
        abstract = True

    @classmethod
    @transaction.atomic(savepoint=False)
    def start(
        cls,
        person: Person,
        team: Team,
        subject: str,
        text: str,
        *,
        html: str = "",
        quoted: str = "",
        need: str = Need.QUESTION,
        channel: str = "mail",
        language: str = "",
        topic: str = "",
        uploads: Iterable[Upload] = (),
        at: datetime | None = None,
        problem: str = "",
        spam: bool = False,
        waits: bool = True,
        promise: Promise | None = None,
    ) -> tuple[Self, Message]:
        """A customer begins a conversation. With a `problem` it goes to quarantine, else into the line unless it is
        automatic mail, which waits for nobody (`waits`). `promise` is the one in force then, where it is at hand."""
        at = at or timezone.now()
        waits = waits and not problem
        promise = (promise or Promise.current(at)) if waits else None
        conversation = cls._default_manager.create(
            person=person,
            account_id=person.account_id,
            team=team,
            subject=one_line(subject),
            channel=channel,
            language=language,
            topic=topic,
            need=need,
            need_first=need,
            opened_at=at,
            changed_at=at,
            problem=problem[:300],
            spam=spam,
            state=cls.State.QUARANTINED if problem else cls.State.OPEN,
            waiting_since=at if promise else None,
            due_at=promise.due_after(at, need, Turn.Kind.FIRST) if promise else None,
            message_count=1,
            preview=one_line(text.replace("\0", ""), PREVIEW_LENGTH),
        )
        message = Message.write(
            conversation,
            Message.Kind.CUSTOMER,
            text,
            person=person,
            html=html,
            quoted=quoted,
            language=language,
            uploads=uploads,
            at=at,
        )
        if promise:
            conversation._wait(at, promise, new=True)
        conversation._tell("started")
        return conversation, message

    @transaction.atomic
    def receive(
        self,
        person: Person,
        text: str,
        *,
        html: str = "",
        quoted: str = "",
        language: str = "",
        uploads: Iterable[Upload] = (),
        at: datetime | None = None,
        automatic: bool = False,
    ) -> Message:
        """A customer writes again. It reopens what was closed or snoozed and joins the line, where asking again while
        waiting changes no place. Automatic mail (out of office) is kept and changes nothing."""
        at = at or timezone.now()
        self.lock()
        kind = Message.Kind.AUTOMATIC if automatic else Message.Kind.CUSTOMER
        message = self._add(
            kind, text, person=person, html=html, quoted=quoted, language=language, uploads=uploads, at=at
        )
        if not automatic and self.state != self.State.QUARANTINED:
            if self.state in (self.State.CLOSED, self.State.SNOOZED):
                self._open("reopened", person=person)
            self._wait(at)
        self.save()
        self._tell("received")
        return message
