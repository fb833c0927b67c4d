"""The way in by a personal link, and what stands there when a link no longer opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from evenhand.conversations.models import Conversation, Link
from evenhand.web.language import speak


class Visit:
    """A person at their conversation, let in by their own link."""

    def __init__(self, link: Link) -> None:
        self.link, self.person = link, link.person
        self.conversation = _where_it_went(link.conversation)

    @property
    def token(self) -> str:
        return self.link.token


Page = Callable[..., HttpResponseBase]


def by_link(page: Page) -> Page:
    """Let a page be opened by a link's token only. An unknown, expired or revoked one gets the same 404."""

    @wraps(page)
    def opened(request: HttpRequest, token: str, **parts: str) -> HttpResponseBase:
        link = Link.open(token)
        if link is None:
            return keep_private(lost(request))
        visit = Visit(link)
        speak(request, visit.conversation.language, visit.person.language)
        return keep_private(page(request, visit, **parts))

    return opened


def lost(request: HttpRequest) -> HttpResponse:
    """Says how to come by a new link; tells nothing about whether this one was ever right."""
    return render(request, "help/lost.html", status=404)


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Nothing keeps a copy, nothing indexes it, and no other site learns the address.

    The policy is not `no-referrer`: with it browsers send `Origin: null` along with our own forms, which the protection
    against forged requests must refuse. `same-origin` tells other sites just as little.
    """
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _where_it_went(conversation: Conversation) -> Conversation:
    while conversation.merged_into_id:
        conversation = Conversation.objects.get(pk=conversation.merged_into_id)
    return conversation
