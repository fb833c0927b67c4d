"""One automatic answer to each new conversation: to a letter under RFC 3834, never to a machine, never twice, never many.

It repeats nothing that the sender wrote, neither subject nor name: whoever writes in somebody else's name could
otherwise have us send his words to them.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from evenhand.conversations.models import Conversation, Event, Link
from evenhand.promise.models import Promise

from .arrived import Arrived, Place
from .mailbox import Mailbox
from .outgoing import Outgoing
from .question import Question
from .token import without_tag
from .wording import wording_in, written

log = logging.getLogger("evenhand.mail")

AN_HOUR = timedelta(hours=1)
AT_MOST = 5  # automatic letters to one address in an hour
OLD = timedelta(days=30)  # an archive that is taken over is not answered
MACHINES = (
    "mailer-daemon",
    "postmaster",
    "noreply",
    "donotreply",
    "notifications",
    "notification",
    "bounce",
    "bounces",
)
BULK = ("bulk", "junk", "list", "auto_reply")


def acknowledge(letter: Arrived, place: Place) -> Outgoing | None:
    """Tell the customer that the letter is here, with their link. Runs in the transaction that reads the letter."""
    if not (place.new and place.outcome == "stored" and place.conversation and place.message):
        return None
    if forbidden(letter):
        return None
    conversation = place.conversation
    if Outgoing.objects.automatic_to(letter.sender, timezone.now() - AN_HOUR) >= AT_MOST:
        Event.record(conversation, "not acknowledged", why=f"{AT_MOST} automatic letters went there within an hour.")
        log.warning("No more automatic letters to %r for now: %d within an hour.", letter.sender, AT_MOST)
        return None
    words = wording_in(conversation.language or conversation.person.language)
    url = Link.make(conversation, conversation.person).url
    return Outgoing.post(
        Outgoing.Kind.ACKNOWLEDGEMENT,
        to=[letter.sender],
        subject=words.subject.format(number=conversation.number),
        language=words.language,
        text=words.acknowledgement.format(url=url, desk=letter.mailbox.name),
        mailbox=letter.mailbox,
        conversation=conversation,
        about=place.message.pk,
        answers=[letter.said.message_id],
        boxes=letter.boxes,
        wakes=False,  # the reader wakes the sender once for all that it read
    )


def acknowledge_question(
    question: Question, conversation: Conversation, boxes: dict[str, Mailbox], promise: Promise
) -> Outgoing:
    """Tell whoever is at the address that was given in the form. Only they get the link, so that we know who they are.
    Runs in the transaction that begins the conversation."""
    language = conversation.language or question.reads
    words, mailbox = wording_in(language), next(iter(boxes.values()))
    due = conversation.due_at and words.promised.format(date=written(conversation.due_at, promise.time_zone, language))
    return Outgoing.post(
        Outgoing.Kind.ACKNOWLEDGEMENT,
        to=[question.email],
        subject=words.asked_subject.format(number=conversation.number),
        language=words.language,
        text=words.asked.format(
            url=Link.make(conversation, conversation.person).url, promised=due or "", desk=mailbox.name
        ),
        mailbox=mailbox,
        conversation=conversation,
        boxes=boxes,
        wakes=False,  # the worker wakes the sender once for all that it begins
    )


def forbidden(letter: Arrived) -> str:
    """Why no machine may answer this letter (RFC 3834, section 2); "" if it may."""
    said = letter.said
    headers = {name.lower(): value.strip().lower() for name, value in said.headers}
    auto = headers.get("auto-submitted", "no").partition(";")[0].strip()
    tests = {
        "it is automatic": said.automatic or auto not in ("", "no"),
        "it came through a list": bool(said.list_id) or any(name.startswith("list-") for name in headers),
        "it is bulk mail": headers.get("precedence", "") in BULK,
        "it asks for no automatic answer": headers.get("x-auto-response-suppress", "none") not in ("none", ""),
        "it has no return path": letter.envelope_from == "<>" or headers.get("return-path", "") == "<>",
        "a machine sent it": _machine(letter.sender) or _machine(letter.envelope_from),
        "it is a report": headers.get("content-type", "").startswith("multipart/report"),
        "somebody else wrote in that name": letter.verdict.dmarc == "fail",
        "it is old": _old(said.date),
    }
    return next((why for why, holds in tests.items() if holds), "")


def _machine(address: str) -> bool:
    local = without_tag(address).partition("@")[0].replace("-", "").replace("_", "").replace(".", "")
    return local in {name.replace("-", "") for name in MACHINES} or local.startswith(("noreply", "donotreply"))


def _old(date: datetime | None) -> bool:
    if date is None:
        return False
    moment = date if date.tzinfo else date.replace(tzinfo=UTC)
    return moment < timezone.now() - OLD
