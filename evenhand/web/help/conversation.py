"""The customer's page of one conversation: what was said, where it stands, and what they can do."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenhand.promise.models import Promise
from evenhand.promise.need import Need
from evenhand.surveys.models import Rating
from evenhand.web.download import download
from evenhand.web.uploads import TooLarge, uploads_of
from evenhand.web.window import HOUR, Window

from .door import Visit, by_link, lost
from .forms import ImpactForm, RatingForm, ReplyForm
from .spoken import thread
from .standing import Standing

REPLIES_AN_HOUR = 30
ONCE = timedelta(days=1)


@require_safe
@by_link
def conversation(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The page itself. Opening it changes nothing, so that a scanner of mail may."""
    return page(request, visit)


def page(request: HttpRequest, visit: Visit, status: int = 200, **forms: object) -> HttpResponse:
    shown = visit.conversation
    zone = ZoneInfo(Promise.current().time_zone)
    rating = Rating.objects.filter(conversation=shown, person=visit.person).first()
    given = {
        "visit": visit,
        "conversation": shown,
        "subject": shown.subject or "Your question",
        "standing": Standing.of(shown),
        "thread": thread(shown, visit.person, zone),
        "rating": rating,
        "reply": ReplyForm(),
        "impact": ImpactForm() if shown.may_say_impact() else None,
        "rate": RatingForm(initial={"score": rating.score, "word": rating.word} if rating else None),
        "unconfirmed": shown.awaits_confirmation(),
        "need": Need(shown.need).label,
    }
    return render(request, "help/conversation.html", given | forms, status=status)


def _back(visit: Visit, to: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("help:conversation", args=[visit.token]) + to)


@by_link
def reply(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST":
        return _back(visit)
    form = ReplyForm(request.POST)
    try:
        uploads = uploads_of(request)
    except TooLarge as refused:
        form.add_error(None, str(refused))
        return page(request, visit, 413, reply=form)
    if not form.is_valid():
        return page(request, visit, 422, reply=form)
    if not Window.allows("reply", visit.link.key, REPLIES_AN_HOUR, HOUR):
        form.add_error(
            None, "These were very many replies in one hour. Wait a little, then send this one; it stays here."
        )
        return page(request, visit, 429, reply=form)
    once = form.cleaned_data["once"]
    if not once or Window.allows("once", once, 1, ONCE):
        visit.conversation.receive(visit.person, form.cleaned_data["text"], uploads=uploads)
        visit.conversation.confirm(visit.person)
    messages.success(request, "Your words have reached us.")
    return _back(visit, "#latest")


@by_link
def solved(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        visit.conversation.close(person=visit.person)
    return _back(visit, "#standing")


@by_link
def reopen(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        visit.conversation.reopen(person=visit.person)
    return _back(visit, "#standing")


@by_link
def impact(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST" or not visit.conversation.may_say_impact():
        return _back(visit)
    form = ImpactForm(request.POST)
    if not form.is_valid():
        return page(request, visit, 422, impact=form)
    visit.conversation.say_impact(visit.person, form.cleaned_data["going_on"], form.cleaned_data["wish"])
    messages.success(request, "Thank you. It waits where it belongs now.")
    return _back(visit, "#standing")


@by_link
def rate(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST" or visit.conversation.state != visit.conversation.State.CLOSED:
        return _back(visit)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return page(request, visit, 422, rate=form)
    Rating.give(visit.conversation, visit.person, form.cleaned_data["score"], form.cleaned_data["word"])
    messages.success(request, "Thank you for telling us.")
    return _back(visit, "#standing")


@by_link
def mine(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Whether a question that came by the form is really of whoever reads the mail there."""
    if request.method == "POST" and visit.conversation.awaits_confirmation():
        if request.POST.get("mine") == "no":
            visit.conversation.disown(visit.person)
        else:
            visit.conversation.confirm(visit.person)
            messages.success(request, "Thank you. We know now that it was you.")
    return _back(visit)


@require_safe
@by_link
def file(request: HttpRequest, visit: Visit, key: str) -> HttpResponseBase:
    """A file of this very conversation, in a message the customer may read."""
    readable = visit.conversation.messages.for_customer()
    for message in readable.filter(attachments__key=key).prefetch_related("attachments"):
        return download(next(each for each in message.attachments.all() if each.key == key))
    return lost(request)
