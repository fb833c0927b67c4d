from __future__ import annotations

import uuid

from django.db import models


class Account(models.Model):
    """The unit that takes turns: an organisation, or one person who writes for nobody but themselves.

    `ledger_key` is opaque on purpose. It is the only thing the ledger knows an account by, and nothing here can
    follow it: no foreign key leads to the ledger, and the desk's database role may not read it.
    """

    name = models.CharField(max_length=200, blank=True, help_text="Empty for a person on their own.")
    ledger_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"account {self.pk}"

    @classmethod
    def at_domain(cls, domain: str) -> Account | None:
        """The organisation whose people write from `domain`, if one is known."""
        return cls.objects.filter(domains__domain=domain.lower()).first()


class AccountDomain(models.Model):
    """A mail domain that belongs to one organisation. Free-mail domains are never put here."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain
