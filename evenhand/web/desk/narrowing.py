"""Choosing filters, and keeping a choice under a name."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from evenhand.conversations.models import SavedView
from evenhand.people.models import Agent
from evenhand.promise.need import Need

from .boxes import BOXES
from .filters import Filters, Unknown, language_name
from .page import desk_page, refused
from .signed_in import DeskRequest, signed_in

MOST_VIEWS = 20
QUERY_LENGTH = 400  # as it is kept

# Which tags and languages are in use, by the latest thousand conversations of the agent's teams.
RECENT = """
    WITH recent AS (
        SELECT c.tags, c.language FROM people_agent_teams member CROSS JOIN LATERAL (
            SELECT tags, language FROM conversations_conversation WHERE team_id = member.team_id ORDER BY number DESC LIMIT 1000
        ) c WHERE member.agent_id = %s)
    SELECT array(SELECT tag FROM recent, unnest(tags) tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 40),
           array(SELECT language FROM recent WHERE language <> '' GROUP BY language ORDER BY count(*) DESC, language LIMIT 20)
"""


class InUse(NamedTuple):
    tags: list[str]
    languages: list[str]


def in_use(agent_id: int) -> InUse:
    with connection.cursor() as cursor:
        cursor.execute(RECENT, [agent_id])
        return InUse(*cursor.fetchone())


def colleagues(agent: Agent) -> list[Agent]:
    """Everyone who shares a team with this agent, themselves included."""
    return list(Agent.objects.filter(teams__in=agent.teams.all(), is_active=True).distinct().order_by("name"))


@require_GET
@signed_in
def narrow(request: DeskRequest, slug: str) -> HttpResponse:
    """The form that narrows a list; it sends the agent back to the list's own address."""
    box = BOXES.get(slug)
    if box is None:
        raise Http404
    try:
        filters = Filters.read(request.GET)
    except Unknown as error:
        return refused(request, str(error), box=box)
    used = in_use(request.agent.pk)
    languages = [(code, language_name(code)) for code in used.languages]
    return desk_page(
        request, "narrow", box=box, filters=filters, needs=Need.choices, tags=used.tags, languages=languages,
        colleagues=colleagues(request.agent),
    )  # fmt: skip


@require_POST
@signed_in
def keep_view(request: DeskRequest) -> HttpResponse:
    """Keep a box and its filters under a name."""
    name = " ".join(request.POST.get("name", "").split())[:60].replace("\0", "")
    box = BOXES.get(request.POST.get("box", ""))
    try:
        filters = Filters.read(
            {key: request.POST[key] for key in ("need", "tag", "language", "assignee") if key in request.POST}
        )
    except Unknown as error:
        return refused(request, str(error))
    if not name or box is None:
        return refused(request, "Give the view a name, so that you find it again beside the boxes.")
    views = SavedView.objects.filter(agent=request.agent)
    if views.count() >= MOST_VIEWS and not views.filter(name=name).exists():
        return refused(request, f"You keep {MOST_VIEWS} views already. Remove one first.", 409)
    query = urlencode({"box": box.slug}) + (f"&{filters.query}" if filters.query else "")
    if len(query) > QUERY_LENGTH:
        return refused(request, "This tag is too long to be kept in a view. Narrow by a shorter one.")
    views.update_or_create(agent=request.agent, name=name, defaults={"query": query})
    return HttpResponseRedirect(_address(box.slug, filters))


def _address(slug: str, filters: Filters) -> str:
    return reverse("desk:box", args=[slug]) + (f"?{filters.query}" if filters.query else "")


@require_POST
@signed_in
def drop_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    if not SavedView.objects.filter(agent=request.agent, pk=pk).delete()[0]:
        raise Http404
    return HttpResponseRedirect(reverse("desk:inbox"))
