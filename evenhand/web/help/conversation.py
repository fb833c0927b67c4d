"""The customer's page of one conversation: what was said, where it stands, and what they can do."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenhand.conversations.models import Attachment, HeldFile
from evenhand.promise.models import Promise
from evenhand.surveys.models import Rating
from evenhand.web.download import download, show
from evenhand.web.window import HOUR, Window
from evenhand.web.wording import wording

from .door import Visit, by_link, lost
from .files import FormFiles
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
        "subject": shown.subject or wording().conversation.untitled,
        "standing": Standing.of(shown),
        "thread": thread(shown, visit.person, zone, visit.token),
        "rating": rating,
        "reply": ReplyForm(),
        "impact": ImpactForm() if shown.may_say_impact() else None,
        "rate": RatingForm(initial={"score": rating.score, "word": rating.word} if rating else None),
        "unconfirmed": shown.awaits_confirmation(),
    }
    return render(request, "help/conversation.html", given | forms, status=status)


def _back(visit: Visit, to: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("help:conversation", args=[visit.token]) + to)


@by_link
def reply(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST":
        return _back(visit)
    form = ReplyForm(request.POST)
    files, too_often = FormFiles(request, form.secret), False
    if files.problem:
        form.add_error(None, files.problem)
    elif form.is_valid() and not Window.allows("reply", visit.link.key, REPLIES_AN_HOUR, HOUR):
        form.add_error(None, wording().reply.too_often)
        too_often = True
    if form.errors:
        files.hold()
        status = 413 if files.problem else 429 if too_often else 422
        return page(request, visit, status, reply=form, held=files.held)
    _receive_once(visit, form, files)
    messages.success(request, wording().reply.reached)
    return _back(visit, "#latest")


@transaction.atomic
def _receive_once(visit: Visit, form: ReplyForm, files: FormFiles) -> None:
    """Counted with what it counts: a form that could not be kept is not taken for one that was."""
    if form.cleaned_data["once"] and not Window.allows("once", f"{visit.link.key} {form.secret}", 1, ONCE):
        return
    message = visit.conversation.receive(visit.person, form.cleaned_data["text"], uploads=files.uploads)
    if files.held:
        HeldFile.attach(form.secret, message)
    visit.conversation.confirm(visit.person)


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
    messages.success(request, wording().impact.said)
    return _back(visit, "#standing")


@by_link
def rate(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST" or visit.conversation.state != visit.conversation.State.CLOSED:
        return _back(visit)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return page(request, visit, 422, rate=form)
    Rating.give(visit.conversation, visit.person, form.cleaned_data["score"], form.cleaned_data["word"])
    messages.success(request, wording().rating.thanks)
    return _back(visit, "#standing")


@by_link
def mine(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Whether a question that came by the form is really of whoever reads the mail there."""
    if request.method == "POST" and visit.conversation.awaits_confirmation():
        if request.POST.get("mine") == "no":
            visit.conversation.disown(visit.person)
        else:
            visit.conversation.confirm(visit.person)
            messages.success(request, wording().conversation.known)
    return _back(visit)


@require_safe
@by_link
def file(request: HttpRequest, visit: Visit, key: str) -> HttpResponseBase:
    """A file of this very conversation, in a message the customer may read."""
    readable = visit.conversation.messages.for_customer()
    for message in readable.filter(attachments__key=key).prefetch_related("attachments"):
        found = next(each for each in message.attachments.all() if each.key == key)
        if found.held:
            return render(request, "help/held.html", {"visit": visit, "threat": found.threat}, status=409)
        return download(found)
    return lost(request)


@require_safe
@by_link
def picture(request: HttpRequest, visit: Visit, key: str) -> HttpResponseBase:
    """A picture among an agent's words in this very conversation, which the desk has drawn itself."""
    readable = visit.conversation.messages.for_customer()
    found = Attachment.objects.drawn_here().filter(key=key, message__in=readable).first()
    return show(found) if found and not found.held else lost(request)
