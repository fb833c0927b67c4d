from __future__ import annotations

from django.db import models

from .mailbox import Mailbox


class Alias(models.Model):
    """Another address of ours whose letters come to a mailbox: never a customer, and never written to."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="aliases")
    address = models.EmailField(unique=True)

    def __str__(self) -> str:
        return self.address
