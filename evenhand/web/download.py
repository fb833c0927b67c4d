"""Handing out a file that somebody sent: as a file, never as a page of ours. What the desk has drawn itself is shown."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse

from evenhand.conversations.models import Attachment
from evenhand.conversations.picture import TYPES
from evenhand.conversations.stored import StoredFile

# Types a browser may be told; it still saves them. Everything else is just bytes.
TOLD = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"}

SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


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
    for name, value in SEALED.items():
        response[name] = value
    response["Cache-Control"] = "private, no-store"
    return response


def show(picture: StoredFile) -> HttpResponse:
    """A picture among an agent's words. Raises Http404 for what the desk has not drawn, or where it is gone."""
    if picture.type not in TYPES.values() or not default_storage.exists(picture.stored_as):
        raise Http404
    headers = {**SEALED, "Cache-Control": "private, max-age=86400"}  # its address never means another picture
    return HttpResponse(picture.content(), content_type=picture.type, headers=headers)
