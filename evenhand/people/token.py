from __future__ import annotations

import hashlib
import secrets

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from .agent import Agent

MARK = "evenhand_"  # so that scanners for leaked secrets know one when they see it
A_MINUTE = 120  # requests of one token
# One statement counts and decides, so that a thousand at once are counted as a thousand.
COUNT = """
    UPDATE people_apitoken AS token SET
        used_at = %(now)s,
        count = CASE WHEN date_trunc('minute', used_at) = date_trunc('minute', %(now)s::timestamptz) THEN count + 1 ELSE 1 END
    FROM people_agent AS agent
    WHERE token.digest = %(digest)s AND token.scope = %(scope)s AND token.revoked_at IS NULL
      AND agent.id = token.made_by_id AND agent.is_active AND agent.is_admin
    RETURNING count
"""


class TooMany(Exception):
    """More requests in this minute than one token has."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ApiToken(models.Model):
    """What a program shows to come in. Only its digest is kept, so the database cannot be used to come in.

    It lasts until it is revoked, and ends with the sessions of the administrator who made it.
    """

    class Scope(models.TextChoices):
        LEDGER_WRITE = "ledger: write", "Put facts into the ledger. Nothing can be read with it."

    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=20, choices=Scope.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Agent, models.CASCADE, related_name="tokens")
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0, help_text="Requests in the minute of `used_at`.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two of one name could not be told apart when one of them has to go.
            models.UniqueConstraint("name", condition=Q(revoked_at=None), name="one_token_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, agent: Agent, name: str, scope: str) -> str:
        """A new token, to be shown once."""
        token = MARK + secrets.token_urlsafe(32)
        cls.objects.create(made_by=agent, name=name, scope=scope, digest=_digest(token))
        return token

    @classmethod
    def opens(cls, token: str, scope: str) -> bool:
        """Whether `token` is good for this scope, now: not revoked, and made by who still may make one. Counts the
        request; raises TooMany beyond what a minute has room for."""
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"now": timezone.now(), "digest": _digest(token), "scope": scope})
            row = cursor.fetchone()
        if row and row[0] > A_MINUTE:
            raise TooMany
        return row is not None

    def revoke(self) -> None:
        """It opens nothing any more, from now on."""
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())
