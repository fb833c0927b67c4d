"""A letter as it came, opened: every header, what is odd about it, its source; and the letters that are attached to one."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from evenhand.channels.models import Letter
from evenhand.channels.reading import Letter as Said
from evenhand.channels.reading import read_letter
from evenhand.conversations.models import Attachment, Conversation

from .linked import linked
from .page import desk_page, refused
from .signed_in import DeskRequest, signed_in

SOURCE = 200_000  # bytes that are shown; the whole of it can be downloaded
LETTERS = ("message/rfc822", "message/global")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the page shows of a letter."""

    said: Said
    source: str
    cut: bool
    size: int
    whole: str  # where it can be downloaded
    number: int  # of the conversation it is in

    @classmethod
    def of(cls, raw: bytes, whole: str, number: int) -> Opened:
        source = raw[:SOURCE].decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        return cls(read_letter(raw, detects=False), source, len(raw) > SOURCE, len(raw), whole, number)


def is_letter(name: str, kind: str) -> bool:
    return kind in LETTERS or name.lower().endswith(".eml")


@require_GET
@signed_in
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter that a message came by."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Letter.objects.filter(pk=min(pk, 2**63 - 1), conversation__in=seen).first()
    if found is None or found.conversation_id is None:
        raise Http404
    opened = Opened.of(bytes(found.raw), reverse("desk:letter", args=[found.pk]), found.conversation_id)
    return desk_page(request, "opened", opened=opened, linked=linked, letter=found, box=None)


@require_GET
@signed_in
def attached(request: DeskRequest, key: str) -> HttpResponse:
    """A letter that somebody attached to theirs."""
    seen = Conversation.objects.visible_to(request.agent)
    files = Attachment.objects.filter(key=key.replace("\0", ""), message__conversation__in=seen)
    found = files.select_related("message").first()
    if found is None or not is_letter(found.name, found.type) or not default_storage.exists(found.stored_as):
        raise Http404
    if found.held:
        return refused(request, found.held, 409, "This file is held", back=found.message.conversation)
    whole = reverse("desk:attachment", args=[found.key])
    opened = Opened.of(found.content(), whole, found.message.conversation_id)
    return desk_page(request, "opened", opened=opened, linked=linked, letter=None, box=None)
