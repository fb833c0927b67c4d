"""What an agent can do with a conversation beside answering it. Each is a verb of the conversation; here are its forms."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from evenhand.channels import parting
from evenhand.conversations.models import Conversation, Suggestion
from evenhand.line import taking
from evenhand.people.models import Agent, Joined, Person
from evenhand.promise.need import Need

from .conversation import back_to, visible
from .page import refused
from .signed_in import DeskRequest, View, signed_in
from .snooze import moment_of

REASON_LENGTH = 300
MOST_TAGS = 20


class Refused(ValueError):
    """What was asked for cannot be done; carries the sentence."""


Act = Callable[[DeskRequest, Conversation], None]


def act(do: Act) -> View[[int]]:
    """A POST view that does one thing to a conversation and goes back to it; in place when htmx asked."""

    @require_POST
    @signed_in
    @wraps(do)
    def view(request: DeskRequest, number: int) -> HttpResponse:
        conversation = visible(request, number)
        try:
            do(request, conversation)
        except Refused as error:
            return refused(request, str(error), 400, back=conversation)
        except taking.Taken as error:
            return refused(request, str(error), 409, "Somebody was quicker", back=conversation)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Trigger": "desk:changed"})
        return back_to(conversation)

    return view


def _reason(request: DeskRequest) -> str:
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:REASON_LENGTH]
    if not reason:
        raise Refused("Say why, in a few words. The reason is kept, and the audit reads it.")
    return reason


@act
def assign(request: DeskRequest, conversation: Conversation) -> None:
    """Hand it to a colleague, or to nobody."""
    given = request.POST.get("to", "")
    if not given:
        conversation.assign(None, request.agent)
        return
    team = Agent.objects.filter(is_active=True, teams=conversation.team_id)
    to = team.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    if to is None:
        raise Refused("That colleague is not in this team. Choose one from the list.")
    conversation.assign(to, request.agent)


@act
def take(request: DeskRequest, conversation: Conversation) -> None:
    """Take it out of turn."""
    conversation.take(request.agent, _reason(request))


@act
def put_back(request: DeskRequest, conversation: Conversation) -> None:
    """Leave it to a colleague, in the place it had."""
    conversation.put_back(request.agent, _reason(request))


@act
def snooze(request: DeskRequest, conversation: Conversation) -> None:
    """Put it aside until a moment."""
    try:
        until = moment_of(request.POST.get("until", ""), request.POST.get("at", ""))
    except ValueError as error:
        raise Refused(str(error)) from error
    conversation.snooze(request.agent, until)


@act
def close(request: DeskRequest, conversation: Conversation) -> None:
    conversation.close(agent=request.agent)


@act
def reopen(request: DeskRequest, conversation: Conversation) -> None:
    conversation.reopen(agent=request.agent)


@act
def release(request: DeskRequest, conversation: Conversation) -> None:
    """Out of quarantine."""
    conversation.release(request.agent)


@act
def call_spam(request: DeskRequest, conversation: Conversation) -> None:
    """Set aside what nobody wants; taken back as easily."""
    conversation.call_spam(request.agent)


@act
def call_wanted(request: DeskRequest, conversation: Conversation) -> None:
    """Back from spam, into the place it would have had."""
    conversation.call_wanted(request.agent)


@act
def tag(request: DeskRequest, conversation: Conversation) -> None:
    """Set the tags, given with commas or spaces between them."""
    tags = request.POST.get("tags", "").replace("\0", "").replace(",", " ").replace("#", " ").split()
    if len(tags) > MOST_TAGS:
        raise Refused(f"A conversation carries {MOST_TAGS} tags at most.")
    conversation.tag(request.agent, tags)


@act
def correct_need(request: DeskRequest, conversation: Conversation) -> None:
    """It hurts more, or less, than was said."""
    need = request.POST.get("need", "")
    if need not in Need.values:
        raise Refused("Choose one of the four needs.")
    conversation.correct_need(need, _reason(request), agent=request.agent)


@act
def same_person(request: DeskRequest, conversation: Conversation) -> None:
    """Whoever asks here also writes from another address."""
    reason = _reason(request)
    address = request.POST.get("address", "").strip().lower().replace("\0", "")
    try:
        conversation.same_person(address, request.agent, reason)
    except ValueError as error:
        raise Refused(str(error)) from error


@act
def undo_join(request: DeskRequest, conversation: Conversation) -> None:
    """Whoever asks here and whoever was joined with them are two people after all."""
    reason = _reason(request)
    given = request.POST.get("join", "")
    pk = int(given) if given.isdecimal() and len(given) < 19 else 0
    joined = Joined.objects.filter(pk=pk, person=conversation.person_id, parted_at=None).first()
    if joined is None:
        raise Refused("Somebody has undone this already.")
    if joined.spans_organisations:
        raise Refused("This joined people of two organisations. Ask an administrator to undo it.")
    try:
        parting.part(joined, request.agent, reason)
    except ValueError as error:
        raise Refused(str(error)) from error


@act
def end_links(request: DeskRequest, conversation: Conversation) -> None:
    """What was mailed to somebody was passed on, and shall open nothing any more."""
    given = request.POST.get("person", "")
    person = Person.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    if person is None:
        raise Refused("Choose whose links shall end.")
    try:
        conversation.end_links(person, request.agent)
    except ValueError as error:
        raise Refused(str(error)) from error


@act
def answer_suggestion(request: DeskRequest, conversation: Conversation) -> None:
    """Say yes or no to what is suggested."""
    given = request.POST.get("suggestion", "")
    asked = {str(each.pk): each for each in Suggestion.open_for(conversation.pk, request.agent)}.get(given)
    if asked is None:
        raise Refused("Somebody has said so already, or it does not hold any more.")
    if request.POST.get("answer") != "yes":
        asked.decline(request.agent)
        return
    try:
        asked.accept(request.agent)
    except ValueError as error:
        raise Refused(str(error)) from error


@act
def merge(request: DeskRequest, conversation: Conversation) -> None:
    """It is about the same thing as another one."""
    given = request.POST.get("into", "").strip().lstrip("#")
    number = int(given) if given.isdecimal() and len(given) < 19 else 0
    into = Conversation.objects.visible_to(request.agent).filter(pk=number).first()
    if into is None:
        raise Refused("There is no conversation with that number here. Give the number that stands beside its subject.")
    try:
        conversation.merge(into, request.agent)
    except ValueError as error:
        raise Refused(str(error)) from error
