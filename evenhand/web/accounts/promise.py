"""The page of the one promise: what it says, what it would mean now, and what it used to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import holidays
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from evenhand.people.models import Agent
from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.web.span import moment, zone_words

from .gate import for_administrators
from .hours import words_of, words_of_day
from .promise_form import DAYS, PromiseForm

HISTORY = 50  # versions shown


@for_administrators
def front(request: HttpRequest, agent: Agent) -> HttpResponseBase:  # noqa: ARG001 - the gate gives every page its agent
    return HttpResponseRedirect(reverse("accounts:promise"))


@for_administrators
def promise(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    form = PromiseForm(request.POST) if request.method == "POST" else PromiseForm.showing(Promise.current())
    if form.is_bound and form.is_valid() and request.POST.get("action") == "keep":
        form.keep(agent)
        messages.success(request, "The promise is kept, for everyone.")
        return HttpResponseRedirect(reverse("accounts:promise"))
    shown = form.promise if form.is_bound and form.is_valid() else Promise.current()
    given = {
        "form": form,
        "preview": Preview(shown),
        "tried": form.is_bound and form.is_valid(),
        "section": "promise",
    }
    if request.headers.get("HX-Request"):
        return render(request, "accounts/preview.html", given)
    given |= {"history": history(), "zones": sorted(available_timezones()), "countries": sorted(_countries())}
    return render(request, "accounts/promise.html", given, status=422 if form.is_bound and form.errors else 200)


def _countries() -> list[str]:
    supported = holidays.list_supported_countries()
    return [*supported, *(f"{country}-{part}" for country, parts in supported.items() for part in parts)]


class Preview:
    """What a promise would mean for a question asked now, and for one asked late on a Friday."""

    def __init__(self, promise: Promise) -> None:
        self.zone = ZoneInfo(promise.time_zone)
        self.zone_name, self.now = zone_words(promise.time_zone), timezone.now()
        friday = self._friday(self.now)
        self.friday = moment(friday, self.zone, self.now)
        self.rows = [
            (
                need,
                *(self._due(promise, since, need) for since in (self.now, friday)),
                words_of(promise.next_reply[need]),
            )
            for need in Need
        ]

    def _friday(self, now: datetime) -> datetime:
        local = now.astimezone(self.zone)
        day = (local + timedelta(days=(4 - local.weekday()) % 7)).date()
        friday = datetime(day.year, day.month, day.day, 16, 30, tzinfo=self.zone)
        return friday if friday > now else friday + timedelta(days=7)

    def _due(self, promise: Promise, since: datetime, need: Need) -> str:
        return moment(promise.due_after(since, need.value, "first"), self.zone, self.now)


def history() -> list[tuple[Promise, str, list[str]]]:
    """Every version, the latest first, with what it changed."""
    versions = list(Promise.objects.select_related("made_by").order_by("-applies_from", "-id")[: HISTORY + 1])
    pairs = list(zip(versions, [*versions[1:], None], strict=False))[:HISTORY]
    return [(each, moment(each.applies_from, ZoneInfo(each.time_zone)), changes(was, each)) for each, was in pairs]


def changes(was: Promise | None, now: Promise) -> list[str]:
    """What differs between two promises, in words; a first one differs from what a desk promises unasked."""
    was = was or Promise()
    said = [
        f"{kind} reply, {need.label.lower()}: {words_of(old[need])} → {words_of(new[need])}"
        for kind, old, new in (
            ("First", was.first_reply, now.first_reply),
            ("Next", was.next_reply, now.next_reply),
        )
        for need in Need
        if old[need] != new[need]
    ]
    said += [
        f"{day}: {words_of_day(old) or 'closed'} → {words_of_day(new) or 'closed'}"
        for day, old, new in zip(DAYS, was.weekly, now.weekly, strict=True)
        if [list(each) for each in old] != [list(each) for each in new]
    ]
    if was.time_zone != now.time_zone:
        said.append(f"Time zone: {was.time_zone} → {now.time_zone}")
    if was.holidays_of != now.holidays_of:
        said.append(f"Public holidays: {was.holidays_of or 'none'} → {now.holidays_of or 'none'}")
    added, removed = set(now.closed_days) - set(was.closed_days), set(was.closed_days) - set(now.closed_days)
    said += [f"Closed on {day}" for day in sorted(added)] + [f"Open again on {day}" for day in sorted(removed)]
    if was.words != now.words:
        said.append("The words")
    return said
