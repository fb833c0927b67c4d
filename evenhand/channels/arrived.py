"""A letter read, on its way to where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Message
from evenhand.people.models import Address, Agent, Person

from .here import Here
from .mailbox import Mailbox
from .reading import Attachment as Enclosed
from .reading import Authentication
from .reading import Letter as Said
from .token import conversation_named, without_tag

# Who writes when nobody can be made out. Such letters are in quarantine, so that they take no turns in the line.
NOBODY = "unknown@invalid"
ADDRESS_LENGTH = 254  # RFC 5321, as corrected: what a path can hold
TEXT_LENGTH = 500_000
OTHERS = 20
CUT = "\n\n[The letter goes on; open the raw letter to read it all.]"


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
    here: Here
    verdict: Authentication
    by_our_server: bool = False  # what our own mail server, or a provider, wrote on it is theirs
    known: Address | None = None  # of its sender, who has written before

    @property
    def boxes(self) -> dict[str, Mailbox]:
        return self.here.boxes

    @property
    def sender(self) -> str:
        address = self.said.sender.address.strip().lower().replace("\0", "")
        return address if len(address) <= ADDRESS_LENGTH else ""

    def answers_go_elsewhere(self) -> str:
        """The address it asks answers to be sent to, where that is not its sender's."""
        asked = next(
            (each.address.strip().lower().replace("\0", "") for each in self.said.reply_to if each.address), ""
        )
        return asked if asked != self.sender and len(asked) <= ADDRESS_LENGTH else ""

    def claims_agent(self) -> Agent | None:
        """The agent whose address its From shows, which anybody can write there."""
        known = self.sender in self.here.agents  # as of a moment ago, for nearly everybody is not
        return Agent.objects.filter(email=self.sender, is_active=True).first() if known else None

    def agent(self) -> Agent | None:
        """The agent who wrote it: only where it is verified that it comes from their domain."""
        return self.claims_agent() if self.verdict.passed is True else None

    def of_ours(self) -> bool:
        """Whether it shows one of the desk's own addresses as its sender."""
        return self.sender in self.boxes or without_tag(self.sender) in self.boxes

    def addresses(self) -> list[str]:
        """Everywhere it was sent to, as the envelope and then as the letter says."""
        return [*self.envelope_to, *(each.address for each in (*self.said.to, *self.said.cc))]

    def number(self) -> int | None:
        """The conversation that it names with a digest of ours."""
        return conversation_named((*self.said.references, *self.said.in_reply_to), self.addresses())

    def person(self) -> Person:
        if not self.sender:
            return Person.at(NOBODY, language=self.said.language)
        name = self.said.sender.name
        return self.known.person.named(name) if self.known else Person.welcome(self.sender, name, self.said.language)

    def uploads(self, further: tuple[Enclosed, ...] = ()) -> list[Upload]:
        """Its files and these, but those that are too large to be kept apart from the raw letter."""
        return [
            Upload(each.name, each.type, each.content, each.inline, each.content_id)
            for each in (*self.said.attachments, *further)
            if len(each.content) <= settings.EVENHAND_FILE_BYTES
        ]

    def too_large(self) -> list[str]:
        """The names of the files that are too large."""
        return [each.name for each in self.said.attachments if len(each.content) > settings.EVENHAND_FILE_BYTES]

    def others(self) -> list[str]:
        """Who else it was written to, for agents to see. It makes nobody part of a conversation: a letter can name
        anybody, and only an agent invites."""
        named = {each.address.strip().lower(): None for each in (*self.said.to, *self.said.cc)}
        strangers = (each for each in named if each and each != self.sender and without_tag(each) not in self.boxes)
        return [each.replace("\0", "") for each in strangers if len(each) <= ADDRESS_LENGTH][:OTHERS]

    def words(self) -> dict[str, object]:
        """What `start` and `receive` take. A letter passed on is there to be read: it is not folded."""
        said = self.said
        text, html, quoted = said.reply or said.text, said.html_reply or said.html, said.quoted
        if said.forwarded:
            text, html, quoted = said.text, said.html, ""
        return {"text": cut(text), "html": html, "quoted": cut(quoted), "uploads": self.uploads()}


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
