from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations.models import Conversation, Message

from .mailbox import Mailbox


class Letter(models.Model):
    """A letter as it arrived, byte for byte, stored before anybody tries to understand it."""

    class Outcome(models.TextChoices):
        STORED = "stored", "Stored"
        DUPLICATE = "duplicate", "Duplicate"
        QUARANTINED = "quarantined", "Quarantined"
        BOUNCE = "bounce", "Bounce"
        AUTO_REPLY = "auto_reply", "Automatic reply"
        REJECTED = "rejected", "Rejected"

    via = models.CharField(max_length=8, help_text="smtp, import, imap or hook")
    received_at = models.DateTimeField(default=timezone.now)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, blank=True, related_name="+")
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rfc_id = models.CharField(max_length=320, blank=True, help_text="Its Message-ID.")
    same_as = models.CharField(
        max_length=64,
        blank=True,
        help_text="Digest of sender, date, Message-ID and body: the same letter by another way has the same.",
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, help_text="Empty: not read yet.")
    reason = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, blank=True, related_name="letters")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="letters")

    class Meta:
        indexes = [
            models.Index("id", name="letter_unread", condition=Q(outcome="")),
            models.Index("sha256", name="letter_sha256"),
            models.Index("same_as", name="letter_same_as", condition=~Q(same_as="")),
            models.Index("message", name="letter_of_message"),
            models.Index(models.F("received_at").desc(), name="letter_recent"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"
