"""Files as they came: offered for download, never opened in our page."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from evenhand.channels.models import Letter
from evenhand.conversations.models import Attachment, Conversation, DraftFile, Message
from evenhand.conversations.stored import StoredFile
from evenhand.web.download import show
from evenhand.web.fetch import picture_type

from .page import refused
from .signed_in import DeskRequest, signed_in

SEALED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


@require_GET
@signed_in
def attachment(request: DeskRequest, key: str) -> HttpResponseBase:
    """A file of a message this agent may see."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Attachment.objects.filter(key=key.replace("\0", ""), message__conversation__in=seen).first()
    if found is None or not default_storage.exists(found.stored_as):
        raise Http404
    if found.held:
        return refused(request, found.held, 409, "This file is held", back=found.message.conversation)
    content = default_storage.open(found.stored_as)
    return FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream", headers=SEALED
    )


@require_GET
@signed_in
def thumbnail(request: DeskRequest, key: str) -> HttpResponse:
    """A picture of a file, which we have drawn ourselves."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Attachment.objects.filter(key=key.replace("\0", ""), message__conversation__in=seen).first()
    if found is None or found.held or not found.thumbnail or not default_storage.exists(found.thumbnail):
        raise Http404
    with default_storage.open(found.thumbnail) as file:
        headers = {**SEALED, "Cache-Control": "private, max-age=86400"}
        return HttpResponse(file.read(), content_type="image/webp", headers=headers)


@require_GET
@signed_in
def picture(request: DeskRequest, key: str) -> HttpResponse:
    """A file to look at in its place: only what we could draw small, and only what is a picture by its bytes."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Attachment.objects.filter(key=key.replace("\0", ""), message__conversation__in=seen).first()
    if found is None or found.held or not found.thumbnail or not default_storage.exists(found.stored_as):
        raise Http404
    content = found.content()
    if not (kind := picture_type(content)):
        raise Http404
    return HttpResponse(content, content_type=kind, headers={**SEALED, "Cache-Control": "private, max-age=86400"})


@require_GET
@signed_in
def inline(request: DeskRequest, key: str) -> HttpResponse:
    """A picture among an agent's words, which we have drawn ourselves: of one's own draft, or of a message one may see."""
    key = key.replace("\0", "")
    found: StoredFile | None = DraftFile.objects.filter(key=key, draft__agent=request.agent).exclude(key="").first()
    if found is None:
        seen = Conversation.objects.visible_to(request.agent)
        sent = Attachment.objects.drawn_here().filter(key=key, message__conversation__in=seen).first()
        found = sent if sent and not sent.held else None
    if found is None:
        raise Http404
    return show(found)


@require_GET
@signed_in
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """A letter byte for byte as it arrived."""
    if pk >= 2**63:
        raise Http404
    found = Letter.objects.filter(pk=pk).first()
    seen = Conversation.objects.visible_to(request.agent)
    if found is None or found.conversation_id is None or not seen.filter(pk=found.conversation_id).exists():
        raise Http404
    name = content_disposition_header(True, f"letter-{found.pk}.eml") or "attachment"
    return HttpResponse(
        bytes(found.raw), content_type="text/plain; charset=utf-8", headers={**SEALED, "Content-Disposition": name}
    )


@require_GET
@signed_in
def text(request: DeskRequest, pk: int) -> HttpResponse:
    """A message's words and what it quoted, whole, as plain text."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Message.objects.filter(pk=min(pk, 2**63 - 1), conversation__in=seen).first()
    if found is None:
        raise Http404
    quoted = f"\n\n{found.quoted}" if found.quoted else ""
    return HttpResponse(found.text + quoted, content_type="text/plain; charset=utf-8", headers=SEALED)
