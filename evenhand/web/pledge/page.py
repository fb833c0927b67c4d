"""The public page: one per desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenhand.parity.models import LightChange, Opinion, Statement
from evenhand.parity.standing import EXPLAINED, Light, day, still, verdict_words
from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.web.chart import Chart, amount, compared, interval
from evenhand.web.span import zone_words

from .forms import OpinionForm

HISTORY, OPINIONS = 30, 50
SAID_BY = {
    "blocked": "I am stuck",
    "hindered": "It costs me time",
    "question": "I have a question",
    "idea": "I have an idea",
}
NEAR = 180  # minutes up to which half hours are said as minutes


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return page(request, OpinionForm(), said="said" in request.GET)


def page(request: HttpRequest, form: OpinionForm, status: int = 200, *, said: bool = False) -> HttpResponse:
    promise, statement = Promise.current(), Statement.latest()
    given = {
        "words": promise.words,
        "level": [(need, SAID_BY[need.value], working(promise.minutes_for(need.value, "first"))) for need in Need],
        "zone": zone_words(promise.time_zone),
        "light": Light.of(statement),
        "statement": statement,
        "found": _found(statement) if statement else None,
        "history": Statement.objects.defer("figures", "openings").order_by("-id")[:HISTORY],
        "changes": LightChange.objects.order_by("-id")[:HISTORY],
        "opinions": _opinions(),
        "form": form,
        "said": said,
        "address": settings.EVENHAND_URL + reverse("pledge:pledge"),
        "day": day,
        "verdict_words": verdict_words,
        "compared": compared,
        "interval": interval,
        "amount": amount,
    }
    return render(request, "pledge/page.html", given, status=status)


def _found(statement: Statement) -> dict[str, Any]:
    figures = statement.figures
    plans = statement.rows_by("plan")
    return {
        "explained": EXPLAINED.get(statement.verdict, ""),
        "still": still(statement),
        "chart": Chart.of([row for row in plans if row["metric"] == "first reply"], figures["margin"]),
        "plans": [row for row in plans if row["metric"] != "first reply"],
        "others": [row for row in figures["metrics"] if row["by"] != "plan"],
        "margin": figures["margin"],
        "tau": figures["taus"].get("first reply"),
        "monitor": figures["monitor"],
        "notes": figures["notes"],
        "customers_see": figures["promise_hours"],
    }


def _opinions() -> dict[str, Any]:
    agree, disagree = Opinion.counted()
    shown = Opinion.objects.filter(state=Opinion.State.SHOWN).exclude(word="").order_by("-at")[:OPINIONS]
    return {"agree": agree, "disagree": disagree, "shown": shown}


def working(minutes: int) -> str:
    """Minutes of working time in words: “45 minutes”, “4 hours”."""
    if minutes % 60 and minutes < NEAR:
        return f"{minutes} minutes"
    hours = f"{minutes / 60:.3g}"
    return f"{hours} hour" if hours == "1" else f"{hours} hours"
