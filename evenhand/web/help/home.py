"""The front page: the one promise, and where to ask."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.web.span import moment, zone_words
from evenhand.web.wording import wording


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now, promise, say = timezone.now(), Promise.current(), wording().need
    zone = ZoneInfo(promise.time_zone)
    answers = [
        (need.value, getattr(say, need.value), moment(promise.due_after(now, need.value, "first"), zone, now))
        for need in Need
    ]
    given = {
        "own_words": promise.words,
        "own_language": settings.EVENHAND_LANGUAGE,
        "answers": answers,
        "zone": zone_words(promise.time_zone),
    }
    return render(request, "help/home.html", given)
