from __future__ import annotations

import secrets

from django.db import models

from .stored import NAME_LENGTH, StoredFile, Upload, safe_name, store

__all__ = ["NAME_LENGTH", "Attachment", "Upload", "safe_name"]


class Attachment(StoredFile):
    """A file of a message; the same content is stored once."""

    key = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, help_text="The address's secret.")
    message = models.ForeignKey("conversations.Message", models.CASCADE, related_name="attachments")
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=200, blank=True)

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
