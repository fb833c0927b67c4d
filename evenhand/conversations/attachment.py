from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

NAME_LENGTH = 200


@dataclass(frozen=True)
class Upload:
    """A file on its way in, from a letter, a form or the editor."""

    name: str
    type: str
    content: bytes
    inline: bool = False
    content_id: str = ""


class Attachment(models.Model):
    """A file of a message. Stored by what it contains, under a random name, and never opened by us."""

    key = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, help_text="The address's secret.")
    message = models.ForeignKey("conversations.Message", models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=NAME_LENGTH)
    type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_as = models.CharField(max_length=100)
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, message: models.Model, upload: Upload) -> Attachment:
        """Store an upload; the same content is stored once."""
        digest = hashlib.sha256(upload.content).hexdigest()
        same = cls.objects.filter(sha256=digest).values_list("stored_as", flat=True).first()
        stored_as = same or default_storage.save(
            f"attachments/{digest[:2]}/{secrets.token_hex(20)}", ContentFile(upload.content)
        )
        return cls.objects.create(
            message=message,
            name=safe_name(upload.name),
            type=upload.type[:120],
            size=len(upload.content),
            sha256=digest,
            stored_as=stored_as,
            inline=upload.inline,
            content_id=upload.content_id[:200],
        )

    def content(self) -> bytes:
        with default_storage.open(self.stored_as) as file:
            return bytes(file.read())


def safe_name(name: str) -> str:
    """A file's name as shown and offered for download: no folders, no control or direction characters, not hidden."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(
        c for c in last if c.isprintable() and c not in '\u202a\u202b\u202d\u202e\u2066\u2067\u2068"<>:|?*'
    )
    stem, dot, suffix = printable.strip(". ").rpartition(".")
    return (stem[: NAME_LENGTH - 20] + dot + suffix[:19]) or "attachment"
