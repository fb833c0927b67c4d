from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from evenhand.line.models import Turn
from evenhand.people.models import Account, Agent, Person, Team
from evenhand.promise.models import Promise
from evenhand.promise.need import Need

from . import live
from .attachment import Upload
from .event import Event
from .message import Message

if TYPE_CHECKING:
    pass

SUBJECT_LENGTH, PREVIEW_LENGTH = 300, 200


class ConversationRow(models.Model):
    """What is kept of a conversation, and the steps that its verbs are made of."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SNOOZED = "snoozed", "Snoozed"
        CLOSED = "closed", "Closed"
        QUARANTINED = "quarantined", "Quarantined"  # could not be understood or not be trusted: an agent looks
        MERGED = "merged", "Merged"

    number = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="conversations", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="conversations", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=10, default="mail", help_text="mail, form or api")
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    need = models.CharField(max_length=10, choices=Need.choices, default=Need.QUESTION)
    need_first = models.CharField(
        max_length=10, choices=Need.choices, default=Need.QUESTION
    )  # before anyone changed it
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="conversations")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    preview = models.CharField(max_length=PREVIEW_LENGTH, blank=True, help_text="How the latest message begins.")
    message_count = models.PositiveIntegerField(default=0)
    spam = models.BooleanField(default=False, help_text="In quarantine because nobody wants it, it seems.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why it is in quarantine, in a sentence.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    def lock(self) -> Turn | None:
        """Lock this row and read it anew. The lane comes first, as in taking: no two acts wait for each other. Its turn,
        where it waited at that moment."""
        turn = Turn.lock(self.pk)
        fresh = type(self)._default_manager.select_for_update().get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))
        return turn

    def _add(self, kind: str, text: str, *, uploads: Iterable[Upload], at: datetime, **fields: Any) -> Message:
        message = Message.write(self, kind, text, at=at, uploads=uploads, **fields)
        self.message_count += 1
        self.changed_at = at
        if kind != Message.Kind.NOTE:
            self.preview = one_line(message.text, PREVIEW_LENGTH)
        return message

    def _wait(self, since: datetime, promise: Promise | None = None, *, new: bool = False) -> None:
        kind = Turn.Kind.NEXT if self.first_replied_at else Turn.Kind.FIRST
        turn = Turn.join(
            self.pk, self.account_id, self.need, kind, self.team_id, self.language, self.topic, self.assignee, since,
            promise, new=new,
        )  # fmt: skip
        self.waiting_since, self.due_at = turn.waiting_since, turn.due_at

    def _answered(self, at: datetime, turn: Turn | None) -> None:
        """`turn`: as `lock` found it. Where it found none, one may have begun while it waited for this row."""
        if turn:
            turn.finish(Turn.Outcome.ANSWERED, at)
        else:
            Turn.end(self.pk, Turn.Outcome.ANSWERED, at)
        self.waiting_since = self.due_at = None
        self.first_replied_at = self.first_replied_at or at

    def _open(self, what: str, agent: Agent | None = None, person: Person | None = None) -> None:
        self.state, self.closed_at, self.snoozed_until, self.spam = self.State.OPEN, None, None, False
        self.changed_at = timezone.now()
        Event.record(self, what, agent=agent, person=person)

    def _close(self, *, at: datetime, agent: Agent | None = None, person: Person | None = None) -> None:
        Turn.end(self.pk, Turn.Outcome.WITHDRAWN, at)
        self.state, self.closed_at, self.changed_at = self.State.CLOSED, at, at
        self.waiting_since = self.due_at = self.snoozed_until = None
        Event.record(self, "closed", agent=agent, person=person)

    def _happened(self, what: str, agent: Agent | None = None, person: Person | None = None, **data: object) -> None:
        Event.record(self, what, agent=agent, person=person, **data)
        self._tell(what, agent)

    def _tell(self, what: str, agent: Agent | None = None) -> None:
        live.tell(what, number=self.pk, team=self.team_id, agent=agent.pk if agent else None)


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """`text` without line breaks or control characters, which a header or a list could be broken with."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = " ".join("".join(c if c.isprintable() else " " for c in line).split())
    return line[:length]
