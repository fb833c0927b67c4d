"""The public page: one per desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenhand.parity.models import LightChange, Opinion, Statement
from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.web.chart import Chart, amount, compared, interval
from evenhand.web.light import Light, colour_words, explained, metric_words, still, verdict_words
from evenhand.web.number import decimal
from evenhand.web.span import date_words, zone_words
from evenhand.web.wording import wording

from .forms import OpinionForm

HISTORY, OPINIONS = 30, 50
USUAL_MARGIN = (0.8, 1.25, 0.05)  # what an audit takes where nothing else is set
NEAR = 180  # minutes up to which half hours are said as minutes


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return page(request, OpinionForm(), said="said" in request.GET)


def page(request: HttpRequest, form: OpinionForm, status: int = 200, *, said: bool = False) -> HttpResponse:
    promise, statement, said_by = Promise.current(), Statement.latest(), wording().need
    given = {
        "own_words": promise.words,
        "own_language": settings.EVENHAND_LANGUAGE,
        "level": [
            (need.value, getattr(said_by, need.value), working(promise.minutes_for(need.value, "first")))
            for need in Need
        ],
        "zone": zone_words(promise.time_zone),
        "light": Light.of(statement),
        "statement": statement,
        "found": _found(statement) if statement else None,
        "margin": _margin(statement.figures["margin"] if statement else USUAL_MARGIN),
        "history": Statement.objects.defer("figures", "openings").order_by("-id")[:HISTORY],
        "changes": LightChange.objects.order_by("-id")[:HISTORY],
        "opinions": _opinions(),
        "form": form,
        "said": said,
        "languages": [code for code, _ in settings.LANGUAGES],
        "address": settings.EVENHAND_URL + reverse("pledge:pledge"),
        "day": date_words,
        "colour_words": colour_words,
        "metric_words": metric_words,
        "verdict_words": verdict_words,
        "compared": compared,
        "interval": interval,
        "amount": amount,
    }
    return render(request, "pledge/page.html", given, status=status)


def _found(statement: Statement) -> dict[str, Any]:
    figures = statement.figures
    plans, tau = statement.rows_by("plan"), figures["taus"].get("first reply")
    return {
        "explained": explained(statement.verdict),
        "still": still(statement),
        "chart": Chart.of([row for row in plans if row["metric"] == "first reply"], figures["margin"]),
        "plans": [row for row in plans if row["metric"] != "first reply"],
        "others": [row for row in figures["metrics"] if row["by"] != "plan"],
        "tau": decimal(f"{tau:g}") if tau else "",
        "monitor": figures["monitor"],
        "notes": figures["notes"],
        "customers_see": figures["promise_hours"],
    }


def _margin(margin: Sequence[float]) -> dict[str, str]:
    low, high, share = margin
    return {"low": decimal(f"{low:g}"), "high": decimal(f"{high:g}"), "points": decimal(f"{100 * share:g}")}


def _opinions() -> dict[str, Any]:
    agree, disagree = Opinion.counted()
    shown = Opinion.objects.filter(state=Opinion.State.SHOWN).exclude(word="").order_by("-at")[:OPINIONS]
    return {"agree": agree, "disagree": disagree, "shown": shown}


def working(minutes: int) -> str:
    """Minutes of working time in words: “45 minutes”, “4 hours”."""
    say = wording().time
    if minutes % 60 and minutes < NEAR:
        return say.minutes(minutes)
    return say.hours(minutes / 60, decimal(f"{minutes / 60:.3g}"))
