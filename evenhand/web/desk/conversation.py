"""The page of one conversation."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from evenhand.conversations.models import Conversation
from evenhand.promise.need import Need

from .about import about
from .filters import language_name
from .page import desk_page
from .signed_in import DeskRequest, signed_in
from .thread import initials, thread


def visible(request: DeskRequest, number: int) -> Conversation:
    """The conversation, if this agent may see it; what they may not see does not exist. Raises Http404."""
    if number >= 2**63:
        raise Http404
    seen = Conversation.objects.visible_to(request.agent)
    found = seen.select_related("person", "account", "assignee", "team").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def back_to(conversation: Conversation) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:conversation", args=[conversation.pk]))


@require_GET
@signed_in
def show(request: DeskRequest, number: int) -> HttpResponse:
    """The thread, the editor, and who writes."""
    conversation = visible(request, number)
    if conversation.state == Conversation.State.MERGED and conversation.merged_into_id:
        return HttpResponseRedirect(reverse("desk:conversation", args=[conversation.merged_into_id]))
    return show_page(request, conversation)


def show_page(request: DeskRequest, conversation: Conversation, status: int = 200, **context: object) -> HttpResponse:
    before = request.GET.get("before", "")
    beside = about(
        conversation.pk, conversation.person_id, conversation.account_id, conversation.team_id, request.agent.pk
    )
    name = conversation.person.name or (beside["addresses"] or [{"email": ""}])[0]["email"]
    return desk_page(
        request,
        "conversation",
        status,
        c=conversation,
        thread=thread(conversation.pk, int(before) if before.isdecimal() and len(before) < 19 else 0),
        about=beside,
        who=name,
        initials=initials(name),
        language=language_name(conversation.language or conversation.person.language),
        needs=Need.choices,
        box=None,
        **context,
    )
