"""The front page with the big Next, and the lists."""

from __future__ import annotations

from math import inf

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from evenhand.conversations.models import Conversation
from evenhand.line import taking

from . import listing
from .boxes import BOXES
from .filters import Filters, Unknown
from .first_steps import first_steps
from .page import desk_page, refused
from .signed_in import DeskRequest, signed_in

IN_HAND = 6  # of the agent's own conversations, how many the front page shows


@require_GET
@signed_in
def front(request: DeskRequest) -> HttpResponse:
    """Next, large; what waits; what is in hand."""
    return _front(request)


def _front(request: DeskRequest, sentence: str = "", status: int = 200) -> HttpResponse:
    turn = taking.offer(request.agent)
    offered = Conversation.objects.filter(pk=turn.number).select_related("person", "account").first() if turn else None
    mine = listing.page(BOXES["mine"], Filters(), request.agent.pk)
    rows = sorted(
        mine.rows, key=lambda row: row.due_at.timestamp() if row.waits and row.due_at else inf
    )  # then as they were
    return desk_page(
        request, "front", status, turn=turn, offered=offered, rows=rows[:IN_HAND], more=len(mine.rows) > IN_HAND,
        sentence=sentence, box=None, steps=[] if turn or mine.rows else first_steps(request.agent),
    )  # fmt: skip


@require_POST
@signed_in
def take_next(request: DeskRequest) -> HttpResponse:
    """Take the conversation whose turn it is, and go there."""
    try:
        conversation = Conversation.take_next(request.agent)
    except taking.TooMany as limit:
        return _front(request, str(limit), 409)
    if conversation is None:
        return _front(request, "Nobody waits whom you may serve. Enjoy the quiet.")
    return HttpResponseRedirect(reverse("desk:conversation", args=[conversation.pk]))


@require_GET
@signed_in
def box(request: DeskRequest, slug: str) -> HttpResponse:
    """One list, narrowed by the filters in the address."""
    chosen = BOXES.get(slug)
    if chosen is None:
        raise Http404
    try:
        filters = Filters.read(request.GET)
        page = listing.page(chosen, filters, request.agent.pk, request.GET.get("after", ""))
    except Unknown as error:
        return refused(request, str(error), box=chosen)
    return desk_page(request, "box", box=chosen, filters=filters, rows=page.rows, next=page.next)
