from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations.models import Conversation, Message


class Outgoing(models.Model):
    """A letter of ours: made once, sent as it was made, and kept with what became of it."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        ACKNOWLEDGEMENT = "ack", "Acknowledgement"
        SURVEY = "survey", "Survey"
        SIGN_IN = "sign-in", "Sign-in link"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="outgoing")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="outgoing")
    to = ArrayField(models.CharField(max_length=254))
    rfc_id = models.CharField(max_length=200, unique=True, help_text="Its Message-ID.")
    raw = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=300, blank=True, help_text="What the server said last.")

    class Meta:
        indexes = [
            models.Index("next_try_at", name="outgoing_waiting", condition=Q(sent_at=None, failed_at=None)),
            models.Index("conversation", name="outgoing_of"),
        ]
        constraints = [
            # One automatic acknowledgement for each conversation, however often its letter is read.
            models.UniqueConstraint(fields=["conversation"], condition=Q(kind="ack"), name="one_acknowledgement"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rfc_id}"
