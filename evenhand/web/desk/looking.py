"""Search, and the palette that goes anywhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from .page import desk_page
from .signed_in import DeskRequest, signed_in

MOST_LETTERS = 200


@require_GET
@signed_in
def look(request: DeskRequest) -> HttpResponse:
    """Conversations in which words occur: subjects, texts, people."""
    from evenhand.conversations.search import search

    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MOST_LETTERS]
    template = "found" if request.headers.get("HX-Request") else "search"
    return desk_page(request, template, words=words, found=search(request.agent, words) if words else [], box=None)
