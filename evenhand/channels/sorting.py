"""Where a letter belongs: which conversation, as what, or why it must wait for an agent's eye."""

from __future__ import annotations

from dataclasses import replace

from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Address, Agent

from .arrived import Arrived, Place, cut
from .bounces import bounce
from .group import is_group
from .passing_on import passed_on, suggest_requester
from .spam.judging import spam_in
from .suggesting import suggest_older
from .token import named_by_id

STRANGER = "{} answered through this conversation's private address, but is not part of it."
LOOP = "It is a letter of ours that came back."


def sort(letter: Arrived) -> Place:
    """Put a letter where it belongs. Raises nothing of its own; runs in the transaction of whoever reads."""
    said = letter.said
    if named_by_id(said.message_id):
        return Place("rejected", reason=LOOP)
    if said.bounce:
        return bounce(letter)
    letter = replace(letter, known=Address.wrote(letter.sender))
    conversation = Conversation.objects.standing_for(letter.number())
    if conversation is None:
        return _start(letter)
    if letter.of_ours():
        return Place("rejected", conversation, reason="It came from an address of this desk.")
    if (agent := letter.agent()) and agent.teams.filter(pk=conversation.team_id).exists():
        return _from_agent(letter, agent, conversation)
    if _known(letter, conversation):
        return _receive(letter, conversation)
    return _from_stranger(letter, conversation)


def _note_others(letter: Arrived, message: Message) -> None:
    if others := letter.others():
        Message.objects.filter(pk=message.pk).update(cc=others)


def by_machine(letter: Arrived) -> bool:
    """Whether no person wrote this just now, so that nobody waits for an answer.

    Narrower than "nothing automatic may answer it": whoever writes through our own list (a support address that is a
    group) or from a program that asks for silence is a customer, and so is who asks about "Out of office" in a new
    letter.
    """
    said = letter.said
    if not said.automatic or said.automatic_reason.startswith("It asks for no automatic answer"):
        return False
    if said.automatic_reason.startswith("Its subject is that of"):
        return letter.number() is not None
    through_a_list = said.automatic_reason.startswith(("It comes from a mailing list", "It says Precedence: list"))
    return not (through_a_list and is_group(said.list_id, letter))


def _known(letter: Arrived, conversation: Conversation) -> bool:
    """Whether its sender's address is part of a conversation: it is the requester's, or of somebody who wrote here, of a
    colleague in the same organisation, or of somebody an agent wrote to here."""
    sender, address = letter.sender, letter.known
    if address is None:
        return conversation.messages.filter(kind=Message.Kind.AGENT, cc__contains=[sender]).exists()
    if address.person_id == conversation.person_id:
        return True
    colleague = address.person.account_id == conversation.account_id and bool(address.person.account.name)
    wrote = conversation.messages.filter(kind=Message.Kind.CUSTOMER, person=address.person_id)
    invited = conversation.messages.filter(kind=Message.Kind.AGENT, cc__contains=[sender])
    return colleague or wrote.exists() or invited.exists()


def _receive(letter: Arrived, conversation: Conversation) -> Place:
    automatic = by_machine(letter)
    language = letter.said.language[:8]
    message = conversation.receive(letter.person(), automatic=automatic, language=language, **letter.words())  # type: ignore[arg-type]
    _note_others(letter, message)
    return Place("auto_reply" if automatic else "stored", conversation, message, letter.said.automatic_reason)


def _from_agent(letter: Arrived, agent: Agent, conversation: Conversation) -> Place:
    """A colleague's note: mail never answers a customer, however well it is verified."""
    text, html = letter.said.reply or letter.said.text, letter.said.html_reply or letter.said.html
    return Place("stored", conversation, conversation.note(agent, cut(text), html=html, uploads=letter.uploads()))


def _from_stranger(letter: Arrived, conversation: Conversation) -> Place:
    reason = STRANGER.format(letter.sender or "Somebody")
    message = conversation.hear(letter.person(), reason, **letter.words())  # type: ignore[arg-type]
    return Place("quarantined", conversation, message, reason)


def _start(letter: Arrived) -> Place:
    if place := passed_on(letter):
        return place
    said, automatic = letter.said, by_machine(letter)
    spam = "" if (problem := problem_of(letter)) else spam_in(letter)
    problem = problem or spam
    conversation, message = Conversation.start(
        letter.person(),
        letter.mailbox.team,
        said.subject,
        language=said.language[:8],
        topic=letter.mailbox.topic,
        problem=problem,
        spam=bool(spam),
        waits=not automatic,
        **letter.words(),  # type: ignore[arg-type]
    )
    _note_others(letter, message)
    suggest_requester(letter, conversation)
    if letter.known:
        suggest_older(conversation)
    outcome = "quarantined" if problem else "auto_reply" if automatic else "stored"
    return Place(outcome, conversation, message, problem or said.automatic_reason, new=True)


def problem_of(letter: Arrived) -> str:
    """Why an agent should look before this letter counts as a customer's, in a sentence; "" for nearly all."""
    said = letter.said
    if not letter.sender or "@" not in letter.sender:
        return "Who sent it cannot be made out: its sender's address is missing or malformed."
    if letter.of_ours():
        return "It says that it comes from this desk itself, and does not."
    serious = [each for each in said.problems if "could not be displayed" in each or "more than one" in each]
    return serious[0] if serious else ""
