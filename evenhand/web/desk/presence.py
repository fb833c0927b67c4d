"""Who else is looking: told to colleagues as it happens, and kept nowhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from evenhand.conversations import live

from .conversation import visible
from .signed_in import DeskRequest, signed_in


@require_POST
@signed_in
def here(request: DeskRequest, number: int) -> HttpResponse:
    """This agent has the conversation open, or is typing in it."""
    conversation = visible(request, number)
    what = "typing" if request.POST.get("typing") else "here"
    live.tell(what, number=conversation.pk, team=conversation.team_id, agent=request.agent.pk)
    return HttpResponse(status=204)
