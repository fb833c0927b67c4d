from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone

from .mailbox import Mailbox
from .sealing import seal, unseal


class Grant(models.Model):
    """What Google or Microsoft lets the desk do in a mailbox, until its owner takes it back there."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="grant")
    provider = models.CharField(max_length=9)
    by_code = models.BooleanField(default=False, help_text="Granted with a code: renewed without the desk's secret.")
    sealed_refresh = models.TextField()
    sealed_access = models.TextField(blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True, help_text="Since when the access token is known.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Of the access token.")
    granted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.provider} for {self.mailbox}"

    @property
    def refresh_token(self) -> str:
        """Raises sealing.Unsealable."""
        return unseal(self.sealed_refresh)

    @property
    def access_token(self) -> str:
        return unseal(self.sealed_access) if self.sealed_access else ""

    def renew(self, access: str, refresh: str, expires_at: datetime) -> None:
        """New tokens; providers may give a new refresh token with each and let the old one lapse."""
        self.sealed_access, self.renewed_at, self.expires_at = seal(access), timezone.now(), expires_at
        if refresh:
            self.sealed_refresh = seal(refresh)
        self.save()
