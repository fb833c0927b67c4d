"""Reports that a letter of ours did not arrive: they find that letter by our digest, mark it and the address, or say that
they cannot."""

from __future__ import annotations

from evenhand.conversations.models import Conversation
from evenhand.people.models import Address

from .arrived import Arrived, Place
from .token import named_by_id

FOREIGN = "A report that a letter did not arrive, but not one that this desk sent."


def bounce(letter: Arrived) -> Place:
    """A report about a letter that did not arrive. It finds that letter by our digest, or says that it cannot."""
    said = letter.said
    original = said.bounce.original_message_id if said.bounce else ""
    named = next(filter(None, map(named_by_id, (original, *said.in_reply_to, *said.references))), None)
    conversation = Conversation.objects.standing_for(named[0]) if named else None
    if named is None or conversation is None:
        return _foreign_bounce(letter)
    message = conversation.messages.filter(pk=named[1]).first()
    why = f"{said.bounce.address} {said.bounce.status}".strip() if said.bounce else ""
    permanent = bool(said.bounce and said.bounce.permanent)
    conversation.came_back(message, why or said.subject, permanent=permanent)
    if permanent and said.bounce:
        _mark(said.bounce.address, conversation)
    return Place("bounce", conversation, message, why)


def _mark(address: str, conversation: Conversation) -> None:
    """Nobody can be reached there, if it is an address we wrote to in this conversation at all."""
    if Address.objects.filter(email=address.lower(), person=conversation.person_id).exists():
        Address.came_back(address)


def _foreign_bounce(letter: Arrived) -> Place:
    conversation, message = Conversation.start(
        letter.person(), letter.mailbox.team, letter.said.subject, problem=FOREIGN, waits=False,
        topic=letter.mailbox.topic, **letter.words(),  # type: ignore[arg-type]
    )  # fmt: skip
    return Place("bounce", conversation, message, FOREIGN, new=True)
