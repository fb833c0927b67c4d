"""A customer's letter that came to an agent and that the agent passes on to the desk.

Who asks is then the customer, but only where it is verified that the agent wrote: else anybody could open conversations
in anybody's name. Otherwise it stays an ordinary letter, and an agent is asked whether the customer shall be the one.
"""

from __future__ import annotations

from evenhand.conversations.models import Conversation, Suggestion
from evenhand.people.models import Agent, Person

from .arrived import ADDRESS_LENGTH, Arrived, Place, cut
from .reading.forward import Forward, forward_in
from .token import without_tag


def passed_on(letter: Arrived) -> Place | None:
    """Start the conversation of the customer whose letter a verified agent passes on; None for every other letter."""
    agent = letter.agent()
    forward = _customers(letter) if agent else None
    if agent is None or forward is None:
        return None
    person = Person.at(forward.sender.address, forward.sender.name, letter.said.language)
    conversation, message = Conversation.start(
        person,
        letter.mailbox.team,
        forward.subject,
        cut(forward.text),
        html=forward.html,
        language=letter.said.language[:8],
        topic=letter.mailbox.topic,
        uploads=letter.uploads(forward.attachments),
    )
    conversation.brought_by(agent, cut(forward.preface))
    return Place("stored", conversation, message)


def suggest_requester(letter: Arrived, conversation: Conversation) -> None:
    """Ask an agent about a customer's letter that seems to be passed on by one of them."""
    forward = _customers(letter) if letter.claims_agent() else None
    if forward:
        Suggestion.requester(conversation, forward.sender.address.lower(), forward.sender.name)


def _customers(letter: Arrived) -> Forward | None:
    """The letter inside, if it is of somebody who is neither the desk nor one of its agents."""
    forward = forward_in(letter.said)
    address = forward.sender.address.lower() if forward else ""
    if not forward or len(address) > ADDRESS_LENGTH or address in letter.boxes or without_tag(address) in letter.boxes:
        return None
    return None if Agent.objects.filter(email=address).exists() else forward
