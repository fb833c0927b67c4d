"""A sentence that helps, with the right status code, for what cannot be served."""

# ruff: noqa: ARG001 - Django hands every handler its exception or reason by name

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from evenhand.web.language import wanted
from evenhand.web.wording import wording

DESK = "/desk/"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def page(request: HttpRequest, status: int) -> HttpResponse:
    say = wording().error
    title, sentence = {
        400: (say.unread, say.unread_why),
        403: (say.too_old, say.too_old_why),
        404: (say.nothing, say.nothing_why),
        500: (say.wrong, say.wrong_why),
    }[status]
    said = {"title": title, "sentence": sentence, "status": status}
    if request.path.startswith(DESK):
        said |= {"back": DESK, "back_words": "Back to the desk"}
    return render(request, "error.html", said, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return elsewhere(request, 400) if isinstance(exception, DisallowedHost) else page(request, 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    opened_at = request.headers.get("Origin", "null")
    return page(request, 403) if opened_at in ("null", settings.EVENHAND_URL) else elsewhere(request, 403)


def elsewhere(request: HttpRequest, status: int) -> HttpResponse:
    """The desk was opened under an address that is not its own; whoever only forgot to say which is told how."""
    _speak(request)
    say, url = wording().error, settings.EVENHAND_URL
    given = {"title": say.elsewhere, "sentence": say.elsewhere_why.format(url=url), "status": status, "back": url}
    setting = urlsplit(url).hostname in LOOPBACK
    return render(request, "error.html", given | {"back_words": url, "setting": setting}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)  # what may not be seen does not exist


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _speak(request)
    return page(request, 404)


def _speak(request: HttpRequest) -> None:
    if request.resolver_match is None:
        translation.activate(wanted(request))  # until the middleware `Language` has the answer


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)
