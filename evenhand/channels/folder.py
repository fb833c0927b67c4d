from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

LONGEST_WAIT = timedelta(minutes=30)


class Folder(models.Model):
    """A folder of a mailbox elsewhere: how far we have fetched it, and how that went."""

    name = models.CharField(max_length=300, unique=True, help_text="user@host:port/folder")
    uidvalidity = models.BigIntegerField(null=True, blank=True, help_text="Another one: the server has renumbered.")
    last_uid = models.BigIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    error = models.CharField(max_length=300, blank=True, help_text="What is wrong, in a sentence; empty: nothing.")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def at(cls, name: str) -> Folder:
        return cls.objects.get_or_create(name=name)[0]

    def move(self, uidvalidity: int, last_uid: int) -> None:
        """Everything up to `last_uid` is stored. In the transaction that stores it."""
        self.uidvalidity, self.last_uid = uidvalidity, last_uid
        self.save(update_fields=["uidvalidity", "last_uid"])

    def succeeded(self) -> None:
        self.last_success_at, self.failures, self.error = timezone.now(), 0, ""
        self.save(update_fields=["last_success_at", "failures", "error"])

    def failed(self, error: str) -> None:
        """Try again after one minute, then two, four, … at most half an hour."""
        wait = min(timedelta(minutes=2 ** min(self.failures, 10)), LONGEST_WAIT)
        self.failures, self.error, self.next_try_at = self.failures + 1, error[:300], timezone.now() + wait
        self.save(update_fields=["failures", "error", "next_try_at"])
