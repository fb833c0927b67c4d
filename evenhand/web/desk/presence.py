"""Who is looking: told to colleagues as it happens, and kept nowhere but as how far each has seen a conversation."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from evenhand.conversations.live import tell
from evenhand.conversations.models import Look

from .conversation import visible
from .signed_in import DeskRequest, signed_in


@require_POST
@signed_in
def here(request: DeskRequest, number: int) -> HttpResponse:
    """This agent has the conversation open, and so sees it as it is, or is typing in it."""
    conversation = visible(request, number)
    Look.take(conversation, request.agent)
    what = "typing" if request.POST.get("typing") else "here"
    tell(what, number=conversation.pk, team=conversation.team_id, agent=request.agent.pk)
    return HttpResponse(status=204)


@require_GET
@signed_in
def live(_request: DeskRequest) -> HttpResponse:
    """The stream's address. `evenhand web` answers it before Django does; where only Django runs there is none."""
    raise Http404
