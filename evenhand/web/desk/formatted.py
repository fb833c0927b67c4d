"""A letter's formatting, in a frame that runs nothing and asks nobody for anything.

The frame has no scripts and no origin, twice: by its own policy and by the attribute `sandbox` around it. Pictures from
elsewhere stay away until an agent asks for them, and then come through `picture`, so that the sender learns nothing.
"""

from __future__ import annotations

import re

from django.core import signing
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from evenhand.conversations.models import Attachment, Conversation, Message
from evenhand.web import fetch

from .signed_in import DeskRequest, signed_in

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
IMAGE = re.compile(r"""(<img\b[^>]*?\ssrc=")([^"]*)(")""", re.IGNORECASE)
SALT = "desk.picture"
HOUR = 3600


@require_GET
@signed_in
@xframe_options_sameorigin
def formatted(request: DeskRequest, pk: int) -> HttpResponse:
    """The frame's document."""
    seen = Conversation.objects.visible_to(request.agent)
    message = Message.objects.filter(pk=min(pk, 2**63 - 1), conversation__in=seen).first()
    if message is None or not message.html:
        raise Http404
    elsewhere = bool(request.GET.get("pictures"))
    inline = {each.content_id.strip("<>"): each.pk for each in message.attachments.filter(inline=True)}
    html = IMAGE.sub(lambda found: found[1] + _source(found[2], inline, elsewhere) + found[3], message.html)
    response = render(request, "desk/formatted.html", {"html": html})
    response["Content-Security-Policy"] = POLICY
    return response


def _source(source: str, inline: dict[str, int], elsewhere: bool) -> str:
    """Where a picture of the letter comes from; nowhere when it is not among the letter's own and was not asked for."""
    if source.startswith("cid:"):
        return _signed("a", inline[source[4:]]) if source[4:] in inline else ""
    if source.startswith("data:image/"):
        return source
    return _signed("u", source.replace("&amp;", "&")) if elsewhere else ""


def _signed(kind: str, what: object) -> str:
    # The frame has no origin and so no session: the address itself says what may be seen, for an hour.
    return escape(reverse("desk:picture", args=[signing.dumps([kind, what], salt=SALT)]))


@require_GET
def picture(_request: DeskRequest, token: str) -> HttpResponse:
    """A picture of a letter, its own or fetched from elsewhere; only what is one by its bytes."""
    try:
        kind, what = signing.loads(token, salt=SALT, max_age=HOUR)
    except signing.BadSignature as error:
        raise Http404 from error
    try:
        data = _own(what) if kind == "a" else fetch.picture(what)
    except fetch.Refused as error:
        raise Http404 from error
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(
        data, content_type=fetch.picture_type(data), headers={**headers, "Cache-Control": "private, max-age=3600"}
    )


def _own(pk: int) -> bytes:
    found = Attachment.objects.filter(pk=pk, inline=True).first()
    if found is None or found.held or not default_storage.exists(found.stored_as):
        raise fetch.Refused("It is not kept any more.")
    data = found.content()
    if not fetch.picture_type(data):
        raise fetch.Refused("It is not a picture.")
    return data
