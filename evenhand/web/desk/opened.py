"""A letter as it came, opened: every header, what is odd about it, its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from evenhand.channels.models import Letter
from evenhand.channels.reading import Letter as Said
from evenhand.channels.reading import read_file
from evenhand.channels.reading.compound import SIGNATURE as OUTLOOK
from evenhand.conversations.models import Conversation

from .linked import linked
from .page import desk_page
from .signed_in import DeskRequest, signed_in

SOURCE = 200_000  # bytes that are shown; the whole of it can be downloaded


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a letter: where it can be downloaded and, if it is a letter itself, opened."""

    name: str
    size: int
    download: str
    open: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What the page shows of a letter."""

    said: Said
    source: str  # "" for a file that is no text
    cut: bool
    size: int
    whole: str  # where it can be downloaded
    number: int  # of the conversation it is in
    files: Sequence[Enclosure]
    formatted: str  # where its page is, if it has one that is shown here

    @classmethod
    def of(
        cls, said: Said, raw: bytes, whole: str, number: int, files: Sequence[Enclosure] = (), formatted: str = ""
    ) -> Opened:
        text = b"" if raw.startswith(OUTLOOK) else raw[:SOURCE]
        source = text.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        return cls(said, source, len(raw) > SOURCE, len(raw), whole, number, files, formatted)


@require_GET
@signed_in
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter that a message came by."""
    seen = Conversation.objects.visible_to(request.agent)
    found = Letter.objects.filter(pk=min(pk, 2**63 - 1), conversation__in=seen).first()
    if found is None or found.conversation_id is None:
        raise Http404
    raw = bytes(found.raw)
    # What has ended the reader would end this process, too: its source is shown, unread.
    said = Said(text=found.reason) if found.ends_its_reader else read_file(raw, detects=False)
    opened = Opened.of(said, raw, reverse("desk:letter", args=[found.pk]), found.conversation_id)
    return desk_page(request, "opened", opened=opened, linked=linked, letter=found, box=None)
