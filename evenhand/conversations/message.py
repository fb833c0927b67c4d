from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.people.models import Agent, Person

from .attachment import Attachment, Upload

if TYPE_CHECKING:
    from .row import ConversationRow


A_DAY = timedelta(days=1)


class MessageQuerySet(models.QuerySet["Message"]):
    def for_customer(self) -> Self:
        """What the customer may read: never a note, and no answer that has not left. One that could not be delivered is
        theirs to read as well: here they find it."""
        waits = Q(kind=Message.Kind.AGENT, sent_at=None, failed_at=None)
        return self.exclude(kind=Message.Kind.NOTE).exclude(waits)

    def not_left(self) -> Self:
        """Answers that wait to leave: nobody has them yet."""
        return self.filter(kind=Message.Kind.AGENT, sent_at=None, failed_at=None)

    def to_send(self) -> Self:
        """Answers that have left the undo window and have not been sent or given up. None waits for longer than a day in
        it: what seems to was written while the clock was wrong."""
        now = timezone.now()
        due = Q(leaves_at__lte=now) | Q(leaves_at__gt=now + A_DAY)
        return self.not_left().filter(due)


class TooLate(Exception):
    """What was to be undone has happened; the message says what."""

    LEFT = "It has left already. Write another one to put it right."


class Message(models.Model):
    """One thing somebody said."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        AGENT = "agent", "Agent"
        NOTE = "note", "Note"
        AUTOMATIC = "automatic", "Automatic"

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="messages", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True, help_text="The words that are new in this message.")
    html = models.TextField(blank=True, help_text="Sanitised.")
    language = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="Of its words, where it can be told."
    )
    quoted = models.TextField(blank=True, help_text="What was folded away: earlier words, quoted.")
    cc = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    leaves_at = models.DateTimeField(null=True, blank=True, help_text="An answer can be taken back until then.")
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("conversation", "id", name="message_thread"),
            models.Index("leaves_at", name="message_to_send", condition=Q(kind="agent", sent_at=None, failed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} message {self.pk}"

    @property
    def author(self) -> Agent | Person | None:
        return self.agent or self.person

    @classmethod
    def write(
        cls,
        conversation: ConversationRow,
        kind: str,
        text: str,
        *,
        at: datetime,
        uploads: Iterable[Upload] = (),
        cc: Iterable[str] = (),
        **fields: Any,
    ) -> Message:
        """Add a message to a thread, with its attachments and its words for the search. PostgreSQL cannot hold NUL."""
        clean = {key: value.replace("\0", "") if isinstance(value, str) else value for key, value in fields.items()}
        message = cls.objects.create(
            conversation_id=conversation.pk, kind=kind, text=text.replace("\0", ""), at=at, cc=list(cc), **clean
        )
        for upload in uploads:
            Attachment.keep(message, upload)
        return message
