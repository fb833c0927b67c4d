"""Parity, for everyone on the team: the light, the statements, where a difference arises, and what stands in for the plan.

Everything here is published figures of groups of twenty and more; nothing names a customer or a conversation.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from evenhand.parity.models import LightChange, Opinion, Statement
from evenhand.web.chart import Chart, compared, interval
from evenhand.web.light import Light, explained, still, verdict_words
from evenhand.web.span import date_words

from .page import desk_page, refused
from .signed_in import DeskRequest, signed_in

HISTORY, OPINIONS = 30, 50
TELLING = 0.15  # of wrong guesses saved; below it a feature says little
CERTAIN = ("disparity", "within tolerance")


@require_GET
@signed_in
def parity(request: DeskRequest) -> HttpResponse:
    statement = Statement.latest()
    return desk_page(
        request,
        "parity",
        box=None,
        light=Light.of(statement),
        statement=statement,
        found=_found(statement) if statement else None,
        history=Statement.objects.defer("figures", "openings").order_by("-id")[:HISTORY],
        changes=LightChange.objects.order_by("-id")[:HISTORY],
        opinions=Opinion.objects.exclude(word="").order_by("-at")[:OPINIONS],
        wordless=Opinion.objects.filter(word="").order_by("-at")[:OPINIONS],
        counted=Opinion.counted(),
        states=Opinion.State.choices,
        day=date_words,
        verdict_words=verdict_words,
        compared=compared,
        interval=interval,
    )


@require_POST
@signed_in
def judge_opinion(request: DeskRequest, pk: int) -> HttpResponse:
    """An administrator decides whether a visitor's words are shown."""
    if not request.agent.is_admin:
        raise Http404
    opinion = get_object_or_404(Opinion, pk=pk)
    if request.POST.get("state") not in Opinion.State.values:
        return refused(request, "Choose one of the states that are offered.", box=None)
    opinion.state = request.POST["state"]
    opinion.save(update_fields=["state"])
    return HttpResponseRedirect(reverse("desk:parity") + "#opinions")


def _found(statement: Statement) -> dict[str, Any]:
    figures, plans = statement.figures, statement.rows_by("plan")
    return {
        "explained": explained(statement.verdict),
        "still": still(statement),
        "chart": Chart.of([row for row in plans if row["metric"] == "first reply"], figures["margin"]),
        "metrics": figures["metrics"],
        "where": [cut for cut in figures["where"] if cut["parts"]],
        "sent": figures["sent"],
        "leaks": figures["leaks"],
        "telling": [leak for leak in figures["leaks"] if leak["gain"] >= TELLING],
        "by_accident": [row for row in figures["by_accident"] if "adjusted" in row],
        "certain": [row for row in figures["by_accident"] if row["verdict"] in CERTAIN and "adjusted" in row],
        "kept_back": sum("adjusted" not in row for row in figures["by_accident"]),
        "monitor": figures["monitor"],
        "watched": [group for group in figures["monitor"].get("groups", ()) if "metric" in group],
        "notes": figures["notes"],
        "trends": figures.get("trends", ()),
    }
