"""A visitor says what they think of the pledge: counted at once, shown when somebody has read it, and a conversation."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evenhand.channels.models import Mailbox
from evenhand.conversations.models import Conversation
from evenhand.parity.models import Opinion
from evenhand.people.models import Account, Person
from evenhand.promise.need import Need
from evenhand.web.source import source_of
from evenhand.web.window import DAY, HOUR, Window
from evenhand.web.wording import wording

from .forms import OpinionForm
from .page import page

# (how many, in which time). The last stands for a flood from many sources at once.
OF_A_SOURCE = ((5, HOUR), (15, DAY))
OF_AN_ADDRESS = ((2, DAY),)
OF_ALL = ((300, HOUR),)
VISITOR, VISITORS = "Visitor of the pledge page", "Visitors of the pledge page"
TRAPPED = "A field of the form that no reader sees was filled in, as robots do."


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseRedirect(reverse("pledge:pledge") + "#say")
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return page(request, form, 422)
    if not _within_limits(source_of(request), form.cleaned_data["email"]):
        form.add_error(None, wording().opinion.too_often)
        return page(request, form, 429)
    _keep_once(form)
    return HttpResponseRedirect(reverse("pledge:pledge") + "?said=1#say")


def _within_limits(source: str, email: str) -> bool:
    asked = [("opinion from", source, OF_A_SOURCE), ("opinion", "", OF_ALL)]
    if email:
        asked.append(("opinion as", email, OF_AN_ADDRESS))
    return all(Window.allows(what, who, *limit) for what, who, limits in asked for limit in limits)


@transaction.atomic
def _keep_once(form: OpinionForm) -> None:
    """Counted with what it counts: a form that could not be kept is not taken for one that was."""
    once = form.cleaned_data["once"]
    if once and not Window.allows("once", once, 1, DAY):
        return
    given, mailbox = form.cleaned_data, Mailbox.default()
    person = Person.at(given["email"], given["name"]) if given["email"] else _visitor()
    conversation, _ = Conversation.start(
        person,
        mailbox.team,
        f"{'Agrees' if form.agree else 'Disagrees'} with the pledge",
        _words(given["word"], given["name"]),
        need=Need.IDEA,
        channel="form",
        problem=TRAPPED if form.by_a_robot else "",
        waits=bool(given["word"] or given["email"]),  # a bare yes or no waits for no answer
    )
    Opinion.objects.create(
        agrees=form.agree,
        word=given["word"],
        name=given["name"],
        state=Opinion.State.SPAM if form.by_a_robot else Opinion.State.WAITING,
        conversation=conversation.pk,
    )


def _words(word: str, name: str) -> str:
    said = word or "(Said without a word why.)"
    return f"{said}\n\n{name}" if name else said


def _visitor() -> Person:
    """Whoever gives no address. All of them have one account, and so one place in the line, together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [VISITORS])
    known = Person.objects.filter(name=VISITOR, account__name=VISITORS, addresses=None).order_by("pk").first()
    return known or Person.objects.create(name=VISITOR, account=Account.objects.create(name=VISITORS))
