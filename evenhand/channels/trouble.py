from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .mailbox import Mailbox


class Trouble(models.Model):
    """What is wrong with a mailbox, from when until when. Administrators are told once of each."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="troubles")
    kind = models.CharField(max_length=8, help_text="sum, late, unread or withheld")
    words = models.CharField(max_length=400)
    began_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "kind"], condition=Q(ended_at=None), name="one_trouble_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.words
