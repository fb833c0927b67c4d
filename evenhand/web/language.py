"""In which language a customer's page is: what they chose, else the conversation's own, else what their browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from evenhand.web.wording import Wording, wording

COOKIE = "language"
A_YEAR = 365 * 24 * 3600
SPEAKING = ("help", "pledge")  # the pages of these; all others are in English
KNOWN = dict(settings.LANGUAGES)


class Language:
    """Middleware. While a customer's page is made, its language is Django's active one, and so that of its form's errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = translation.get_language()
        try:
            return self._told(request, self.get_response(request))
        finally:
            translation.activate(before or settings.LANGUAGE_CODE)  # an agent may be next in this thread

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:  # noqa: ARG002 - Django's signature
        if _is_for_customers(request):
            translation.activate(wanted(request))

    def _told(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Say in which language the answer is, what that hung on, and keep what was chosen."""
        page = response.headers.get("Content-Type", "").startswith("text/html")  # or what leads to one
        if not (page and _is_for_customers(request)):
            return response
        response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if (language := request.GET.get(COOKIE)) in KNOWN:
            response.set_cookie(
                COOKIE, language, A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        return response


def _is_for_customers(request: HttpRequest) -> bool:
    """Whether it asks for one of their pages, or for one that there is not."""
    return request.resolver_match is None or request.resolver_match.app_name in SPEAKING


def chosen(request: HttpRequest) -> str:
    """The language chosen on a page, now (in the address) or before (in a cookie); "" where none was."""
    return next((each for each in (request.GET.get(COOKIE), request.COOKIES.get(COOKIE)) if each in KNOWN), "")


def wanted(request: HttpRequest) -> str:
    """The language chosen, else the first of the browser's that we speak, else the desk's own."""
    return chosen(request) or _accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or settings.EVENHAND_LANGUAGE


def _accepted(header: str) -> str:
    for language, _ in parse_accept_lang_header(header):
        try:
            return get_supported_language_variant(language)
        except LookupError:
            continue
    return ""


def spoken(*languages: str) -> str:
    """The first of these that we speak; "" where we speak none."""
    return next((code for each in languages if (code := each.lower().partition("-")[0]) in KNOWN), "")


def speak(request: HttpRequest, *languages: str) -> None:
    """Make the page in the first of these that we speak, if its reader has not chosen another."""
    if (language := spoken(*languages)) and not chosen(request):
        translation.activate(language)


def say(request: HttpRequest) -> dict[str, Wording]:  # noqa: ARG001 - Django's signature
    """Context processor: the words of the page that is being made, found once for all of it."""
    return {"say": wording()}
