from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

STALE_AFTER = timedelta(days=8)  # a nightly audit that has not spoken for a week has stopped


class Statement(models.Model):
    """What one audit found, as published. Written by the audit's role and never changed: PostgreSQL refuses.

    Statements form a chain: each is signed over its figures, the root of the tree of its records and the digest of the
    statement before it (`audit/chain.py`).
    """

    made_at = models.DateTimeField(db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    method = models.CharField(max_length=20)
    code = models.CharField(max_length=40, help_text="The version of the program that measured.")
    verdict = models.CharField(max_length=24)
    light = models.CharField(max_length=8, help_text="green, amber or red")
    figures = models.JSONField(help_text="Every published figure.")
    records = models.PositiveIntegerField(default=0, help_text="How many waits were measured.")
    root = models.CharField(max_length=64, help_text="Merkle root of the records (RFC 9162), hexadecimal.")
    previous = models.CharField(max_length=64, blank=True, help_text="Digest of the statement before this one.")
    digest = models.CharField(max_length=64, unique=True)
    signature = models.CharField(max_length=128, help_text="Ed25519 over the digest, hexadecimal.")
    public_key = models.CharField(max_length=64)
    openings = models.JSONField(null=True, help_text="The anonymised records, where the administrator publishes them.")

    def __str__(self) -> str:
        return f"{self.verdict}, {self.made_at:%Y-%m-%d}"

    @classmethod
    def latest(cls) -> Statement | None:
        return cls.objects.defer("openings").order_by("-id").first()

    @property
    def is_stale(self) -> bool:
        return timezone.now() - self.made_at > STALE_AFTER

    @property
    def shows_parity(self) -> bool:
        """Whether the badge may be green: parity shown, lately, and no alarm."""
        return self.verdict == "parity" and self.light != "red" and not self.is_stale

    @property
    def stands_since(self) -> datetime | None:
        """When its figures were published, where they are an earlier statement's: too few have written since."""
        stands = self.figures.get("stands")
        return datetime.fromisoformat(stands["since"]) if stands else None

    def rows_by(self, by: str) -> list[dict[str, Any]]:
        return [row for row in self.figures["metrics"] if row["by"] == by]
