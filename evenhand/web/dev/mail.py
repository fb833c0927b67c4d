"""Letters that stayed in the house, because no server to send them by is set."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import wraps
from ipaddress import ip_address
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from evenhand.channels.models import Outgoing
from evenhand.people.models import Agent

P = ParamSpec("P")
PAGE = 50
FRAME = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"


def at_home(request: HttpRequest) -> bool:
    """Whether somebody at this very machine asks a desk that nobody else can reach: who can read its files, too."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return (
        not forwarded and _loopback(urlsplit(settings.EVENHAND_URL).hostname) and _loopback(request.META["REMOTE_ADDR"])
    )


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def readable(request: HttpRequest) -> bool:
    """The letters hold sign-in links and customers' words: for administrators, for who tries the desk out on this
    machine, and for everyone in the demo, whose people are not real. Never once letters leave by a server."""
    administrator = isinstance(request.user, Agent) and request.user.is_admin
    return not settings.EVENHAND_OUTBOUND and (settings.EVENHAND_DEMO or administrator or at_home(request))


def for_trying(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Serve the view where letters may be read; elsewhere it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not readable(request):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return require_safe(guarded)


def _parsed(letter: Outgoing) -> EmailMessage:
    return message_from_bytes(bytes(letter.raw), policy=default)


def _body(letter: Outgoing, kind: str) -> str:
    body = _parsed(letter).get_body((kind,))
    return str(body.get_content()) if body else ""


@for_trying
def letters(request: HttpRequest) -> HttpResponse:
    """The latest letters, newest first."""
    before = request.GET.get("before", "")
    found = Outgoing.objects.order_by("-pk").defer("raw")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    subjects = {
        each.pk: _parsed(each)["Subject"] for each in Outgoing.objects.filter(pk__in=[e.pk for e in page[:PAGE]])
    }
    rows = [(each, subjects[each.pk]) for each in page[:PAGE]]
    return render(request, "dev/letters.html", {"rows": rows, "older": page[PAGE - 1].pk if len(page) > PAGE else None})


@for_trying
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: its headers, its plain text, its formatting in a frame, and the names of its files."""
    found = get_object_or_404(Outgoing, pk=pk)
    parsed = _parsed(found)
    headers = [
        (name, str(value)) for name, value in parsed.items() if name.lower() not in ("mime-version", "content-type")
    ]
    files = [each.get_filename() for each in parsed.iter_attachments()]
    context = {
        "letter": found,
        "subject": parsed["Subject"],
        "headers": headers,
        "files": files,
        "text": _body(found, "plain"),
    }
    return render(request, "dev/letter.html", context)


@xframe_options_sameorigin
@for_trying
def formatted(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - a view is given its request
    """The frame's document, with the pictures that the letter carries."""
    found = get_object_or_404(Outgoing, pk=pk)
    html = _body(found, "html")
    for part in (each for each in _parsed(found).walk() if each["Content-ID"]):
        data = b64encode(bytes(part.get_payload(decode=True))).decode()
        html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    response = HttpResponse(html)
    response["Content-Security-Policy"] = FRAME
    return response


@for_trying
def raw(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - a view is given its request
    """The letter's bytes, as they would have been sent."""
    response = HttpResponse(bytes(get_object_or_404(Outgoing, pk=pk).raw), content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response
