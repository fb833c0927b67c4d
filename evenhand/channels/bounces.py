"""Reports that a letter of ours did not arrive: they find that letter by our digest, mark it and the addresses, or say
that they cannot."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.conversations.models import Conversation, Event, Message
from evenhand.people.models import Address

from .arrived import ADDRESS_LENGTH, Arrived, Place
from .outgoing import Outgoing
from .reading import Bounce
from .token import named_by_id, without_tag

FOREIGN = "A report that a letter did not arrive, but not one that this desk sent."
LOST, DELAYED, PARTLY = "not delivered", "delayed", "partly delivered"


def bounce(letter: Arrived) -> Place:
    """A report about a letter that did not reach some of those it went to. It finds that letter by our digest, or says
    that it cannot. What is known of an address already is not said again, however many reports say it."""
    said = letter.said
    original = said.bounces[0].original_message_id if said.bounces else ""
    for identifier in filter(None, (original, *said.in_reply_to, *said.references)):
        named = named_by_id(identifier)
        if named:
            conversation = Conversation.objects.standing_for(named[0])
            break
    else:
        return _foreign_bounce(letter)
    if conversation is None:
        return _foreign_bounce(letter)
    message = conversation.messages.filter(pk=named[1]).first()
    delivery = Outgoing.objects.filter(rfc_id=identifier.strip("<> ").lower()).first()
    conversation.lock()  # two reports about one letter are not read at the same moment
    report = Report(conversation, message, [without_tag(each) for each in delivery.to] if delivery else [])
    report.tell(said.bounces, said.subject)
    return Place("bounce", conversation, message, ", ".join(map(_words, said.bounces)))


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported of one letter of ours. `sent_to`: who asked is first, then the copies."""

    conversation: Conversation
    message: Message | None
    sent_to: list[str]

    def tell(self, bounces: tuple[Bounce, ...], subject: str) -> None:
        """All of it. An answer is lost if it did not reach who asked; whom a copy did not reach is named."""
        copies = [each for each in bounces if without_tag(each.address) in self.sent_to[1:]]
        theirs = [each for each in bounces if each not in copies]
        if news := self._new(LOST, [each for each in theirs if each.permanent]):
            why = ", ".join(map(_words, news)) or subject
            self.conversation.came_back(self.message, why, addresses=_folded(news))
        late = [each for each in bounces if not each.permanent]
        if news := self._new(DELAYED, late):
            why = ", ".join(map(_words, news)) or subject
            self.conversation.came_back(self.message, why, permanent=False, addresses=_folded(news))
        if news := self._new(PARTLY, [each for each in copies if each.permanent]):
            pk = self.message.pk if self.message else None
            Event.record(
                self.conversation, PARTLY, message=pk, refused=list(map(_words, news)), addresses=_folded(news)
            )
        for each in bounces:
            if each.permanent:
                self._mark(each.address)

    def _new(self, what: str, bounces: list[Bounce]) -> list[Bounce]:
        """Those of which this has not been said of this letter before."""
        pk = self.message.pk if self.message else None
        told = Event.objects.filter(conversation=self.conversation, what=what, data__message=pk)
        known = {address for data in told.values_list("data", flat=True) for address in data.get("addresses", ())}
        return [each for each in bounces if each.address.lower() not in known]

    def _mark(self, address: str) -> None:
        """Nobody can be reached there, if it is an address that this letter went to, or one of who asked: a report can
        name anybody."""
        theirs = Address.objects.filter(email=address.lower(), person=self.conversation.person_id).exists()
        if theirs or without_tag(address) in self.sent_to:
            Address.came_back(address)


def _words(bounce: Bounce) -> str:
    return f"{bounce.address[:ADDRESS_LENGTH]} {bounce.status}".strip().replace("\0", "")


def _folded(bounces: list[Bounce]) -> list[str]:
    return [each.address.lower().replace("\0", "") for each in bounces]


def _foreign_bounce(letter: Arrived) -> Place:
    conversation, message = Conversation.start(
        letter.person(), letter.mailbox.team, letter.said.subject, problem=FOREIGN, waits=False,
        topic=letter.mailbox.topic, **letter.words(),  # type: ignore[arg-type]
    )  # fmt: skip
    return Place("bounce", conversation, message, FOREIGN, new=True)
