"""Answering: the reply, the note, and what is taken back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenhand.channels import recall
from evenhand.channels.models import Mailbox
from evenhand.conversations import inline
from evenhand.conversations.agent_verbs import Answered
from evenhand.conversations.message import TooLate
from evenhand.conversations.models import Conversation, Draft, Message
from evenhand.conversations.stored import Upload
from evenhand.people.models import Agent
from evenhand.web.uploads import TooLarge, uploads_of

from .conversation import back_to, show_page, visible
from .drafting import keep, words_of
from .page import refused
from .prose import Prose, TooLong
from .signed_in import DeskRequest, signed_in

MOST_COPIES = 10


def _copies(request: DeskRequest) -> list[str]:
    given = request.POST.get("cc", "").replace(";", ",").replace("\n", ",").split(",")
    copies = list(dict.fromkeys(each.strip().lower() for each in given if each.strip()))
    if len(copies) > MOST_COPIES:
        raise ValidationError(f"A copy can go to {MOST_COPIES} addresses at most.")
    for each in copies:
        try:
            validate_email(each)
        except ValidationError as error:
            raise ValidationError(f"“{each[:60]}” is not a mail address.") from error
        if Mailbox.is_ours(each):
            raise ValidationError(f"{each[:60]} is this desk's own address: it would write to itself.")
    return copies


def _seen(request: DeskRequest) -> int:
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _draft(request: DeskRequest, conversation: Conversation, kind: str, prose: Prose) -> Draft | None:
    """What was begun. Where nothing was, words alone need no draft, but pictures among them may have to be copied."""
    find = Draft.of if inline.keys(prose.html) else Draft.begun
    return find(conversation.pk, request.agent, kind)


def _illustrated(prose: Prose, begun: Draft | None) -> Prose:
    return prose.illustrated(begun.with_its_own_pictures(prose.html)) if begun else prose.illustrated(prose.html)


def _says_nothing(prose: Prose, uploads: list[Upload], begun: Draft | None) -> bool:
    return not prose.text and not uploads and not (begun and begun.files.filter(key="").exists())


@require_POST
@signed_in
def reply(request: DeskRequest, number: int) -> HttpResponse:
    """Answer the customer. It leaves after the seconds in which it can be taken back."""
    conversation = visible(request, number)
    try:
        prose = words_of(request)
    except TooLong as error:
        return refused(request, str(error), 413, "That is too long")
    try:
        uploads = uploads_of(request)
    except TooLarge as error:
        return _refuse(request, conversation, prose, error.rest, str(error), 413)
    begun = _draft(request, conversation, "agent", prose)
    prose = _illustrated(prose, begun)
    if _says_nothing(prose, uploads, begun):
        if begun:
            begun.discard()
        return refused(request, "There is nothing to send yet. Write a word or two first.", back=conversation)
    try:
        _send(request, conversation, prose, uploads, _copies(request), begun)
    except Answered:
        kept = begun or Draft.of(conversation.pk, request.agent, "agent")
        keep(kept, prose, uploads)
        return show_page(
            request, conversation.pk, 409, answers=conversation.answers_since(_seen(request), request.agent), mine=prose,
            kept=list(kept.files.filter(key="").order_by("pk")),
        )  # fmt: skip
    except ValidationError as error:
        return _refuse(request, conversation, prose, uploads, error.messages[0], 400)
    return back_to(conversation, "agent")


def _refuse(
    request: DeskRequest, conversation: Conversation, prose: Prose, uploads: list[Upload], sentence: str, status: int
) -> HttpResponse:
    """It is not sent, and nothing of it is lost."""
    keep(Draft.of(conversation.pk, request.agent, "agent"), prose, uploads)
    return refused(request, f"{sentence} The rest is kept as a draft.", status, back=conversation)


@transaction.atomic
def _send(
    request: DeskRequest,
    conversation: Conversation,
    prose: Prose,
    uploads: list[Upload],
    copies: list[str],
    begun: Draft | None,
) -> None:
    signed = prose.signed(signature_of(request.agent, conversation))
    message = conversation.reply(
        request.agent,
        signed.text,
        html=signed.html,
        uploads=uploads,
        cc=copies,
        leaves_at=timezone.now() + timedelta(seconds=settings.EVENHAND_UNDO_SECONDS),
        close=bool(request.POST.get("close")),
        seen=_seen(request),
    )
    if begun:
        begun.become(message)


@require_POST
@signed_in
def note(request: DeskRequest, number: int) -> HttpResponse:
    """Write something that only colleagues read."""
    conversation = visible(request, number)
    try:
        prose, uploads = words_of(request), uploads_of(request)
    except (TooLong, TooLarge) as error:
        return refused(request, str(error), 413, "That is too much", back=conversation)
    begun = _draft(request, conversation, "note", prose)
    prose = _illustrated(prose, begun)
    if _says_nothing(prose, uploads, begun):
        if begun:
            begun.discard()
        return refused(request, "The note is empty. Write a word or two first.", back=conversation)
    with transaction.atomic():
        message = conversation.note(request.agent, prose.text, html=prose.html, uploads=uploads)
        if begun:
            begun.become(message)
    return back_to(conversation, "note")


def _answer(pk: int, **of: object) -> Message:
    """An agent's answer. Raises Http404."""
    found = Message.objects.filter(pk=min(pk, 2**63 - 1), kind=Message.Kind.AGENT, **of).select_related("conversation")
    if (message := found.first()) is None:
        raise Http404
    return message


@require_POST
@signed_in
def take_back(request: DeskRequest, pk: int) -> HttpResponse:
    """Take back an answer of one's own before it leaves, whatever it waits for; its words are a draft again."""
    message = _answer(pk, agent=request.agent)
    conversation = visible(request, message.conversation_id)
    try:
        recall.take_back(message, request.agent)
    except TooLate as error:
        return refused(request, str(error), 409, back=conversation)
    _unsign(request, conversation)
    return back_to(conversation)


@require_POST
@signed_in
def try_now(request: DeskRequest, pk: int) -> HttpResponse:
    """Have an answer that waits for its server tried at once, a colleague's, too."""
    message = _answer(pk)
    conversation = visible(request, message.conversation_id)
    recall.try_now(message)
    return back_to(conversation)


def signature_of(agent: Agent, conversation: Conversation) -> str:
    """The agent's own, and below it the team's."""
    return "\n".join(each.strip() for each in (agent.signature, conversation.team.signature) if each.strip())


def _unsign(request: DeskRequest, conversation: Conversation) -> None:
    """The signature is put below when the answer is sent, not before."""
    signature = Prose("", "").signed(signature_of(request.agent, conversation)).html
    drafts = Draft.objects.filter(conversation=conversation, agent=request.agent, kind="agent")
    if signature and (begun := drafts.first()):
        drafts.update(html=begun.html.replace(signature, "", 1))
