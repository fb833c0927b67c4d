"""The front page: the one promise, and where to ask."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.web.span import moment, zone_words


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now, promise = timezone.now(), Promise.current()
    zone = ZoneInfo(promise.time_zone)
    answers = [(need, moment(promise.due_after(now, need.value, "first"), zone, now)) for need in Need]
    given = {"words": promise.words, "answers": answers, "zone": zone_words(promise.time_zone)}
    return render(request, "help/home.html", given)
