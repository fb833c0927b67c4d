from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.people.models import Agent, Person

from .attachment import Attachment, Upload

if TYPE_CHECKING:
    from .row import ConversationRow


class MessageQuerySet(models.QuerySet["Message"]):
    def for_customer(self) -> Self:
        """What the customer may read: never a note, and no answer that can still be taken back."""
        return self.exclude(kind=Message.Kind.NOTE).filter(Q(leaves_at=None) | Q(leaves_at__lte=timezone.now()))

    def to_send(self) -> Self:
        """Answers that have left the undo window and have not been sent or given up."""
        return self.filter(kind=Message.Kind.AGENT, sent_at=None, failed_at=None, leaves_at__lte=timezone.now())


class TooLate(Exception):
    """What was to be undone has happened."""


class Message(models.Model):
    """One thing somebody said."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        AGENT = "agent", "Agent"
        NOTE = "note", "Note"
        AUTOMATIC = "automatic", "Automatic"

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="messages")
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

    def take_back(self, agent: Agent) -> bool:
        """Undo this answer; False when it has left already. See `Conversation.take_back`."""
        try:
            self.conversation.take_back(agent, self.pk)
        except TooLate:
            return False
        return True

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
