"""Handing out a file that somebody sent: as a file, never as a page of ours."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse

from evenhand.conversations.models import Attachment

# Types a browser may be told; it still saves them. Everything else is just bytes.
TOLD = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"}


def download(attachment: Attachment) -> FileResponse:
    """The attachment's bytes, under its own name, in a box without rights."""
    kind = attachment.type.partition(";")[0].strip().lower()
    file = default_storage.open(attachment.stored_as)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=attachment.name,
        content_type=kind if kind in TOLD else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
