"""Search: the page, and the pieces of it that the palette asks for."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from evenhand.conversations.search import LONGEST, PAGE, search

from .page import desk_page, refused
from .signed_in import DeskRequest, signed_in


@require_GET
@signed_in
def look(request: DeskRequest) -> HttpResponse:
    """Conversations in which words occur: subjects, texts, people."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    before = request.GET.get("before", "")
    if before and not (before.isdecimal() and len(before) < 19):
        return refused(request, "This page of the results cannot be found. Search once more.")
    found = search(request.agent, words, int(before) if before else None) if words else []
    template = "found" if request.headers.get("HX-Request") else "search"
    return desk_page(request, template, words=words, found=found, more=len(found) >= PAGE, box=None)
