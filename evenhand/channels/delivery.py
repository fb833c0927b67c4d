from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.utils import timezone

from .token import without_tag

KEPT = timedelta(days=1)  # no limit looks back further


class Delivery(models.Model):
    """A letter of ours was taken for one recipient, in To or Cc: how fast letters go there is counted by these."""

    recipient = models.CharField(max_length=254, help_text="Folded and without its tag.")
    domain = models.CharField(max_length=254)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index("recipient", "at", name="delivery_to"),
            models.Index("domain", "at", name="delivery_there"),
            models.Index("at", name="delivery_at"),
        ]

    def __str__(self) -> str:
        return f"a letter to {self.recipient}"

    @classmethod
    def note(cls, addresses: Iterable[str]) -> None:
        """One for each address."""
        folded = sorted({without_tag(each)[:254] for each in addresses})
        Delivery.objects.bulk_create([Delivery(recipient=each, domain=domain_of(each)) for each in folded])

    @classmethod
    def forget(cls) -> int:
        """Remove what no limit looks at any more. How many."""
        return cls.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()[:254]
