from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from evenhand.people.models import Person

if TYPE_CHECKING:
    from .conversation import Conversation
    from .row import ConversationRow

LASTS = timedelta(days=180)


def _sign(key: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"link:" + key.encode(), hashlib.sha256).hexdigest()[:32]


class Link(models.Model):
    """A customer's personal way to their conversation: one per person, expiring, revocable.

    The address carries a signature that the database does not hold, so reading the database opens no page.
    """

    key = models.CharField(max_length=32, unique=True)
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link of {self.person}"

    @classmethod
    def of(cls, conversation: Conversation, person: Person) -> Link:
        """This person's link to this conversation: the one they have while it lasts a month more, else a new one."""
        now = timezone.now()
        lasting = cls.objects.filter(
            conversation=conversation, person=person, revoked_at=None, expires_at__gt=now + timedelta(days=30)
        ).first()
        return lasting or cls.make(conversation, person)

    @classmethod
    def make(cls, conversation: Conversation, person: Person) -> Link:
        """A new link, which is the first where the conversation is new."""
        expires_at = timezone.now() + LASTS
        return cls.objects.create(
            key=secrets.token_hex(16), conversation=conversation, person=person, expires_at=expires_at
        )

    @classmethod
    def revoke(cls, conversation: ConversationRow, person: Person) -> int:
        """This person's links to this conversation open nothing any more. How many still did."""
        now = timezone.now()
        theirs = cls.objects.filter(conversation_id=conversation.pk, person=person, revoked_at=None, expires_at__gt=now)
        return theirs.update(revoked_at=now)

    @property
    def token(self) -> str:
        return f"{self.key}{_sign(self.key)}"

    @property
    def url(self) -> str:
        return f"{settings.EVENHAND_URL}/c/{self.token}"

    @classmethod
    def open(cls, token: str) -> Link | None:
        """The link behind `token` while it holds."""
        key, signature = token[:32], token[32:]
        if not hmac.compare_digest(_sign(key).encode(), signature.encode()):
            return None
        holds = cls.objects.filter(key=key, revoked_at=None, expires_at__gt=timezone.now())
        return holds.select_related("person", "conversation", "conversation__merged_into").first()
