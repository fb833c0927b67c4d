from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

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


class StoredFile(models.Model):
    """What is known of a file that somebody sent. Stored under a random name, and never opened by us."""

    name = models.CharField(max_length=NAME_LENGTH)
    type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_as = models.CharField(max_length=100)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def fields_of(upload: Upload) -> dict[str, Any]:
        """What is known of a file on its way in, but where it is stored."""
        return {
            "name": safe_name(upload.name),
            "type": upload.type[:120],
            "size": len(upload.content),
            "sha256": hashlib.sha256(upload.content).hexdigest(),
        }

    def known(self) -> dict[str, Any]:
        """All that is known of it, for another row about the same file."""
        return {name: getattr(self, name) for name in ("name", "type", "size", "sha256", "stored_as")}

    def content(self) -> bytes:
        with default_storage.open(self.stored_as) as file:
            return bytes(file.read())


def store(content: bytes, sha256: str) -> str:
    """Write a file; under which name."""
    return default_storage.save(f"attachments/{sha256[:2]}/{secrets.token_hex(20)}", ContentFile(content))


def safe_name(name: str) -> str:
    """A file's name as shown and offered for download: no folders, no control or direction characters, not hidden."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(
        c for c in last if c.isprintable() and c not in '\u202a\u202b\u202d\u202e\u2066\u2067\u2068"<>:|?*'
    )
    stem, dot, suffix = printable.strip(". ").rpartition(".")
    return (stem[: NAME_LENGTH - 20] + dot + suffix[:19]) or "attachment"
