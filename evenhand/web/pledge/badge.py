"""The badge: green while parity is shown, grey by itself otherwise."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from evenhand.parity.models import Statement

FRESH = 600  # seconds for which a browser may keep it


class Badge(NamedTuple):
    words: str
    colour: str
    width: int  # of the words' side, in pixels; 11 px letters of any system fit

    @classmethod
    def of(cls, statement: Statement | None) -> Badge:
        if statement is None:
            return cls("not measured yet", "#6b6b6b", 118)
        if statement.is_stale:
            return cls("out of date", "#6b6b6b", 88)
        if statement.shows_parity:
            return cls(f"shown, {statement.made_at.day} {statement.made_at:%b %Y}", "#0a6150", 140)
        return cls("not shown", "#6b6b6b", 80)


@require_safe
def badge(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - everyone gets the same
    """An SVG that other sites may show. It sets no cookie and reads none."""
    drawn = Badge.of(Statement.objects.defer("openings", "figures").order_by("-id").first())
    text = render_to_string("pledge/badge.svg", {"badge": drawn, "desk": settings.EVENHAND_NAME})
    return shared(HttpResponse(text, content_type="image/svg+xml; charset=utf-8"))


def shared(response: HttpResponse) -> HttpResponse:
    """May be kept for ten minutes, and be used by any page anywhere."""
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
