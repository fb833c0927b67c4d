"""Letters that are attached to a letter, opened; and what is in them, however deep: a letter in a letter, its files, its page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from evenhand.channels.reading import Letter as Said
from evenhand.channels.reading import read_file
from evenhand.channels.reading.filename import is_letter
from evenhand.conversations.models import Attachment, Conversation
from evenhand.web.fetch import picture_type

from .files import SEALED
from .formatted import IMAGE, POLICY
from .linked import linked
from .opened import Enclosure, Opened
from .page import desk_page, refused
from .signed_in import DeskRequest, View, signed_in

PLACE = re.compile(r"[1-9]\d{0,3}(?:\.[1-9]\d{0,3}){0,9}", re.ASCII)  # no deeper than ten
PICTURES = 8 * 2**20  # bytes of a letter's own pictures that are shown in its page


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing in a file: the letter that it is, or what is attached to that at a place such as (2, 1)."""

    file: Attachment
    place: tuple[int, ...]
    name: str
    kind: str
    raw: bytes

    @classmethod
    def at(cls, file: Attachment, place: tuple[int, ...]) -> Enclosed:
        """Raises Http404 where nothing is."""
        found = cls(file, (), file.name, file.type, file.content())
        for number in place:
            files = found.said().attachments
            if number > len(files):
                raise Http404
            each = files[number - 1]
            found = cls(file, (*found.place, number), each.name, each.type, each.content)
        return found

    def said(self) -> Said:
        """Raises Http404 if it is no letter."""
        if not is_letter(self.name, self.kind):
            raise Http404
        return read_file(self.raw, detects=False)

    def path(self, page: str, *further: int) -> str:
        """Where a page about it, or about what is further in, is to be had."""
        place = ".".join(map(str, (*self.place, *further)))
        return reverse(f"desk:{page}", args=[self.file.key]) + ("?" + urlencode({"in": place}) if place else "")


def enclosed(show: Callable[[DeskRequest, Enclosed], HttpResponse]) -> View[[str]]:
    """A page about what `in` names within an attached letter that the agent may see and that is not held."""

    @require_GET
    @signed_in
    def page(request: DeskRequest, /, key: str) -> HttpResponse:
        seen = Conversation.objects.visible_to(request.agent)
        files = Attachment.objects.filter(key=key.replace("\0", ""), message__conversation__in=seen)
        found, place = files.select_related("message__conversation").first(), request.GET.get("in", "")
        if found is None or not is_letter(found.name, found.type) or not default_storage.exists(found.stored_as):
            raise Http404
        if place and not PLACE.fullmatch(place):
            raise Http404
        if found.held:
            return refused(request, found.held, 409, "This file is held", back=found.message.conversation)
        return show(request, Enclosed.at(found, tuple(map(int, place.split("."))) if place else ()))

    return page


@enclosed
def attached(request: DeskRequest, here: Enclosed) -> HttpResponse:
    """A letter that somebody attached to theirs."""
    said = here.said()
    files = [
        Enclosure(
            each.name,
            len(each.content),
            here.path("attached-file", number),
            here.path("attached", number) if is_letter(each.name, each.type) else "",
        )
        for number, each in enumerate(said.attachments, 1)
    ]
    page = here.path("attached-formatted") if said.html else ""
    number = here.file.message.conversation_id
    opened = Opened.of(said, here.raw, here.path("attached-file"), number, files, page)
    return desk_page(request, "opened", opened=opened, linked=linked, letter=None, box=None)


@xframe_options_sameorigin
@enclosed
def formatted(request: DeskRequest, here: Enclosed) -> HttpResponse:
    """Its page, for the frame: it runs nothing, and shows no pictures but the letter's own, which stand in it."""
    said = here.said()
    own = _pictures(said)
    html = IMAGE.sub(lambda tag: tag[1] + own.get(tag[2].removeprefix("cid:"), "") + tag[3], said.html)
    response = render(request, "desk/formatted.html", {"html": html})
    response["Content-Security-Policy"] = POLICY
    return response


def _pictures(said: Said) -> dict[str, str]:
    """The letter's own pictures by their Content-ID, as addresses that hold them."""
    found, left = {}, PICTURES
    for each in said.attachments:
        kind = picture_type(each.content)
        left -= len(each.content) if kind else 0
        if each.content_id and kind and left >= 0:
            found[each.content_id] = f"data:{kind};base64,{b64encode(each.content).decode()}"
    return found


@enclosed
def file(_request: DeskRequest, here: Enclosed) -> HttpResponse:
    """A file of it, or the letter itself, to download."""
    name = content_disposition_header(True, here.name) or "attachment"
    headers = {**SEALED, "Content-Disposition": name}
    return HttpResponse(here.raw, content_type="application/octet-stream", headers=headers)
