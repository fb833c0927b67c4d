"""The page of one conversation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from evenhand.channels.reading.filename import is_letter
from evenhand.conversations.models import Conversation, Suggestion
from evenhand.promise.need import Need

from .copies import copies
from .filters import language_name
from .head import head
from .linked import linked
from .page import desk_page
from .prose import ours, shown
from .signed_in import DeskRequest, signed_in
from .snooze import sleeps
from .thread import thread


def visible(request: DeskRequest, number: int) -> Conversation:
    """The conversation, if this agent may see it; what they may not see does not exist. Raises Http404."""
    found = Conversation.objects.visible_to(request.agent).filter(pk=min(number, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


def back_to(conversation: Conversation, sent: str = "") -> HttpResponse:
    """To the conversation; `sent` tells the page of which kind its last words were, so that it forgets its copy."""
    return HttpResponseRedirect(
        reverse("desk:conversation", args=[conversation.pk]) + (f"?sent={sent}" if sent else "")
    )


def unreachable(addresses: list[dict[str, Any]]) -> str:
    """The address an answer would go to, if letters to it came back and no other is known."""
    return str(addresses[0]["email"]) if addresses and all(each["bounced"] for each in addresses) else ""


@require_GET
@signed_in
def show(request: DeskRequest, number: int) -> HttpResponse:
    """The thread, the editor, and who writes."""
    return show_page(request, number)


def show_page(request: DeskRequest, number: int, status: int = 200, **context: object) -> HttpResponse:
    """Raises Http404 for what this agent may not see."""
    c = head(number, request.agent.pk)
    if c is None:
        raise Http404
    if c.merged_into:
        return HttpResponseRedirect(reverse("desk:conversation", args=[c.merged_into]))
    before = request.GET.get("before", "")
    said = thread(c.number, c.events or [], int(before) if before.isdecimal() and len(before) < 19 else 0)
    beside = c.about
    return desk_page(
        request,
        "conversation",
        status,
        c=c,
        thread=said,
        copies=copies(said.items, [each["email"] for each in beside["addresses"] or []]),
        unreachable=unreachable(beside["addresses"] or []),
        about=beside,
        begun={kind: shown(html) for kind, html in (beside["drafts"] or {}).items()},
        scans=bool(settings.EVENHAND_CLAMAV),
        suggestions=Suggestion.open_for(c.number, request.agent) if beside["asked"] else [],
        who=c.person or (beside["addresses"] or [{"email": ""}])[0]["email"],
        language=language_name(c.language or c.person_language),
        needs=Need.choices,
        sleeps=sleeps(),
        sent=request.GET.get("sent", ""),
        linked=linked,
        is_letter=is_letter,
        ours=ours,
        box=None,
        **context,
    )
