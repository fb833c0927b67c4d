from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from .agent import Agent

LASTS = {"invitation": timedelta(days=7), "sign-in": timedelta(minutes=20)}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLink(models.Model):
    """A single-use link that signs one agent in. Only its digest is kept, so the database cannot be used to sign in."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=[(each, each) for each in LASTS])
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} for {self.agent}"

    @classmethod
    def make(cls, agent: Agent, purpose: str = "sign-in") -> str:
        """A new link's token, to be shown or sent once."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(
            agent=agent, purpose=purpose, digest=_digest(token), expires_at=timezone.now() + LASTS[purpose]
        )
        return token

    @classmethod
    def look(cls, token: str) -> SignInLink | None:
        """The link behind `token` while it can still be used, without using it."""
        return (
            cls.objects.filter(
                digest=_digest(token), used_at=None, expires_at__gt=timezone.now(), agent__is_active=True
            )
            .select_related("agent")
            .first()
            if token
            else None
        )

    @classmethod
    @transaction.atomic
    def use(cls, token: str) -> Agent | None:
        """The agent whom `token` signs in, once; None when it is unknown, used, expired, or its agent is gone. Whoever is in
        needs no other: what else was made for them, and lies in a log or a mailbox, opens nothing any more."""
        link = cls.look(token)
        if link is None:
            return None
        # All are locked in one order, which decides whose click wins, of one link or of two.
        waiting = cls.objects.select_for_update().filter(agent=link.agent, used_at=None).order_by("pk")
        if link.pk not in (open_ones := [each.pk for each in waiting]):
            return None
        cls.objects.filter(pk__in=open_ones).update(used_at=timezone.now())
        return link.agent

    @classmethod
    def forget(cls) -> int:
        """Remove the links that can no longer be used. The number of rows removed."""
        return cls.objects.filter(expires_at__lt=timezone.now()).delete()[0]
