"""Where a letter belongs: which conversation, as what, or why it must wait for an agent's eye."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Address, Person

from .mailbox import Mailbox
from .reading import Letter as Said
from .token import conversation_named, named_by_id, without_tag

# Who writes when nobody can be made out. Such letters are in quarantine, so that they take no turns in the line.
NOBODY = "unknown@invalid"
ADDRESS_LENGTH = 254  # RFC 5321, as corrected: what a path can hold
TEXT_LENGTH = 500_000
OTHERS = 20
CUT = "\n\n[The letter goes on; open the raw letter to read it all.]"
STRANGER = "{} answered through this conversation's private address, but is not part of it."
LOOP = "It is a letter of ours that came back."


@dataclass(frozen=True, slots=True)
class Place:
    """What became of a letter."""

    outcome: str
    conversation: Conversation | None = None
    message: Message | None = None
    reason: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter read, with what only its envelope knows."""

    said: Said
    mailbox: Mailbox
    envelope_from: str
    envelope_to: tuple[str, ...]
    boxes: dict[str, Mailbox]

    @property
    def sender(self) -> str:
        address = self.said.sender.address.strip().lower().replace("\0", "")
        return address if len(address) <= ADDRESS_LENGTH else ""

    def addresses(self) -> list[str]:
        """Everywhere it was sent to, as the envelope and then as the letter says."""
        return [*self.envelope_to, *(each.address for each in (*self.said.to, *self.said.cc))]

    def number(self) -> int | None:
        """The conversation that it names with a digest of ours."""
        return conversation_named((*self.said.references, *self.said.in_reply_to), self.addresses())

    def person(self) -> Person:
        return Person.at(self.sender or NOBODY, self.said.sender.name if self.sender else "", self.said.language)

    def uploads(self) -> list[Upload]:
        return [
            Upload(each.name, each.type, each.content, each.inline, each.content_id) for each in self.said.attachments
        ]

    def others(self) -> list[str]:
        """Who else it was written to, for agents to see. It makes nobody part of a conversation: a letter can name
        anybody, and only an agent invites."""
        named = {each.address.strip().lower(): None for each in (*self.said.to, *self.said.cc)}
        strangers = (each for each in named if each and each != self.sender and without_tag(each) not in self.boxes)
        return [each.replace("\0", "") for each in strangers if len(each) <= ADDRESS_LENGTH][:OTHERS]

    def words(self) -> dict[str, object]:
        """What `start` and `receive` take."""
        said = self.said
        text, html = said.reply or said.text, said.html_reply or said.html
        return {"text": cut(text), "html": html, "quoted": cut(said.quoted), "uploads": self.uploads()}


def cut(text: str) -> str:
    """What a page shows and the search indexes of a text; the whole of it is in the raw letter."""
    return text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + CUT


def same_as(said: Said) -> str:
    """The digest two copies of one letter share, by whatever way they came, and two different letters do not."""
    content = sha256()
    texts = [each.encode("utf-8", "replace") for each in (said.text, said.html)]
    for part in (*texts, *(each.content for each in said.attachments)):
        content.update(len(part).to_bytes(8) + part)
    date = said.date.isoformat() if said.date else ""
    whole = (said.message_id, said.sender.address.lower(), date, said.subject, content.hexdigest())
    return sha256("\0".join(whole).encode("utf-8", "replace")).hexdigest()


def sort(letter: Arrived) -> Place:
    """Put a letter where it belongs. Raises nothing of its own; runs in the transaction of whoever reads."""
    said = letter.said
    if named_by_id(said.message_id):
        return Place("rejected", reason=LOOP)
    if said.bounce:
        return _bounce(letter)
    conversation = _thread(letter.number())
    if conversation is None:
        return _start(letter)
    if _of_ours(letter):
        return Place("rejected", conversation, reason="It came from an address of this desk.")
    if _known(letter.sender, conversation):
        return _receive(letter, conversation)
    return _from_stranger(letter, conversation)


def _note_others(letter: Arrived, message: Message) -> None:
    if others := letter.others():
        Message.objects.filter(pk=message.pk).update(cc=others)


def _thread(number: int | None) -> Conversation | None:
    """The conversation of that number or, where it was merged, the one that took it in."""
    found = Conversation.objects.filter(pk=number).first() if number else None
    while found and found.merged_into_id:
        found = Conversation.objects.get(pk=found.merged_into_id)
    return found


def _of_ours(letter: Arrived) -> bool:
    return letter.sender in letter.boxes or without_tag(letter.sender) in letter.boxes


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
    return not (through_a_list and any(said.list_id.lower() == each.replace("@", ".") for each in letter.boxes))


def _known(sender: str, conversation: Conversation) -> bool:
    """Whether an address is part of a conversation: it is the requester's, or of somebody who wrote here, of a
    colleague in the same organisation, or of somebody an agent wrote to here."""
    address = Address.objects.filter(email=sender).select_related("person").first()
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
    message = conversation.receive(letter.person(), automatic=automatic, **letter.words())  # type: ignore[arg-type]
    _note_others(letter, message)
    return Place("auto_reply" if automatic else "stored", conversation, message, letter.said.automatic_reason)


def _from_stranger(letter: Arrived, conversation: Conversation) -> Place:
    reason = STRANGER.format(letter.sender or "Somebody")
    message = conversation.hear(letter.person(), reason, **letter.words())  # type: ignore[arg-type]
    return Place("quarantined", conversation, message, reason)


def _start(letter: Arrived) -> Place:
    problem, said, automatic = problem_of(letter), letter.said, by_machine(letter)
    conversation, message = Conversation.start(
        letter.person(),
        letter.mailbox.team,
        said.subject,
        language=said.language[:8],
        topic=letter.mailbox.topic,
        problem=problem,
        waits=not automatic,
        **letter.words(),  # type: ignore[arg-type]
    )
    _note_others(letter, message)
    outcome = "quarantined" if problem else "auto_reply" if automatic else "stored"
    return Place(outcome, conversation, message, problem or said.automatic_reason, new=True)


def problem_of(letter: Arrived) -> str:
    """Why an agent should look before this letter counts as a customer's, in a sentence; "" for nearly all."""
    said = letter.said
    if not letter.sender or "@" not in letter.sender:
        return "Who sent it cannot be made out: its sender's address is missing or malformed."
    if _of_ours(letter):
        return "It says that it comes from this desk itself, and does not."
    serious = [each for each in said.problems if "could not be displayed" in each or "more than one" in each]
    return serious[0] if serious else ""


def _bounce(letter: Arrived) -> Place:
    """A report about a letter that did not arrive. It finds that letter by our digest, or says that it cannot."""
    said = letter.said
    original = said.bounce.original_message_id if said.bounce else ""
    named = next(filter(None, map(named_by_id, (original, *said.in_reply_to, *said.references))), None)
    conversation = _thread(named[0]) if named else None
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
    from django.utils import timezone

    ours = Address.objects.filter(email=address.lower(), person=conversation.person_id, bounced_at=None)
    ours.update(bounced_at=timezone.now())


def _foreign_bounce(letter: Arrived) -> Place:
    reason = "A report that a letter did not arrive, but not one that this desk sent."
    conversation, message = Conversation.start(
        letter.person(), letter.mailbox.team, letter.said.subject, problem=reason, waits=False,
        topic=letter.mailbox.topic, **letter.words(),  # type: ignore[arg-type]
    )  # fmt: skip
    return Place("bounce", conversation, message, reason, new=True)
