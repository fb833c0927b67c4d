from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .stored import NAME_LENGTH, StoredFile, Upload, safe_name, store

__all__ = ["NAME_LENGTH", "Attachment", "Upload", "safe_name"]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unseen(self) -> Self:
        """Nobody has looked at them yet."""
        return self.filter(looked_at=None)

    def unscanned(self) -> Self:
        return self.filter(scanned_at=None)

    def drawn_here(self) -> Self:
        """Pictures among an agent's words, which the desk has drawn itself."""
        return self.filter(inline=True, message__agent__isnull=False)

    def held(self) -> Self:
        """Not handed out to anyone: a scanner is at work here, and has found something or not looked yet."""
        return self.filter(Q(scanned_at=None) | ~Q(threat="")) if settings.EVENHAND_CLAMAV else self.exclude(threat="")


class Attachment(StoredFile):
    """A file of a message; the same content is stored once."""

    key = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, help_text="The address's secret.")
    message = models.ForeignKey("conversations.Message", models.CASCADE, related_name="attachments")
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=200, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    threat = models.CharField(max_length=100, blank=True, default="", help_text="What the scanner found.")
    thumbnail = models.CharField(max_length=100, blank=True, default="", help_text="Where its small picture is stored.")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("id", name="attachment_unseen", condition=Q(looked_at=None)),
            models.Index("id", name="attachment_unscanned", condition=Q(scanned_at=None)),
        ]

    @property
    def held(self) -> str:
        """Why it is not handed out, in a sentence; "" for what is."""
        if self.threat:
            return f"The virus scanner found {self.threat} in it. It is kept, and handed out to nobody."
        if settings.EVENHAND_CLAMAV and self.scanned_at is None:
            return "It waits for the virus scanner. Try again in a minute."
        return ""

    @classmethod
    def keep(cls, message: models.Model, upload: Upload) -> Attachment:
        """Store an upload with the message that it came with."""
        known = cls.fields_of(upload)
        same = cls.objects.filter(sha256=known["sha256"]).values_list("stored_as", flat=True).first()
        return cls.objects.create(
            message=message,
            stored_as=same or store(upload.content, known["sha256"]),
            inline=upload.inline,
            content_id=upload.content_id[:200],
            **known,
        )
