"""Two customers identical but for the ledger, among others, on a small desk.

Each twin has an organisation, a colleague, an answered conversation with a rating, and one that waits. Whatever is
made for one is made for the other in the same breath; only names, numbers, keys and tokens differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Link, Message
from evenhand.ledger import slot
from evenhand.people.models import Account, AccountDomain, Agent, Person, Team
from evenhand.surveys.models import Rating


def _last_working_morning() -> datetime:
    """Half past ten on the last working day that is over: near enough to now for sessions, which PostgreSQL ends."""
    day = datetime.now(UTC).replace(hour=10, minute=30, second=0, microsecond=0) - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


NOW = _last_working_morning()
PLANS = ("Diamond", "Pebble")  # words that appear nowhere else: a page that shows one has seen the ledger


@dataclass
class Twin:
    """One twin, and everything an address may name."""

    person: Person
    account: Account
    waiting: Conversation
    answered: Conversation
    letter: Letter
    attachment: Attachment
    message: Message

    def values(self) -> dict[str, object]:
        """What each parameter of an address is for this twin, by the name the address gives it."""
        return {
            "number": self.waiting.number,
            "token": Link.of(self.waiting, self.person).token,
            "key": self.attachment.key,
        }


class World:
    """The desk on which the twins write: the one whose name comes first in `names` was always a breath earlier."""

    def __init__(self, names: tuple[str, str] = ("Robin", "Robyn")) -> None:
        self.names = names
        self.team = Team.objects.create(name="Support")
        self.other_team = Team.objects.create(name="Partners")
        self.mailbox = Mailbox.objects.create(address="support@desk.example", name="Desk", team=self.team)
        self.agent = self._agent("Ada Byron", admin=True)
        self.colleague = self._agent("Grace Hopper")
        self.twins = self._twins()

    def _agent(self, name: str, *, admin: bool = False) -> Agent:
        agent = Agent.objects.create_user(f"{name.split()[0].lower()}@desk.example", name=name, is_admin=admin)
        agent.teams.add(self.team)
        return agent

    def _twins(self) -> tuple[Twin, Twin]:
        people = [self._person(name) for name in self.names]
        answered = [self._answered(person) for person in people]
        waiting = [self._waiting(person) for person in people]
        return tuple(self._twin(p, w, a) for p, w, a in zip(people, waiting, answered, strict=True))  # type: ignore[return-value]

    def _person(self, name: str) -> Person:
        domain = f"{name.lower()}-bakery.example"
        account = Account.objects.create(name=f"{name} Bakery")
        Account.objects.filter(pk=account.pk).update(created_at=NOW - timedelta(days=100))
        AccountDomain.objects.create(account=account, domain=domain)
        person = Person.at(f"{name.lower()}@{domain}", f"{name} Vale", "en")
        Person.objects.filter(pk=person.pk).update(created_at=NOW - timedelta(days=100))
        return person

    def _answered(self, person: Person) -> Conversation:
        at = NOW - timedelta(days=3)
        conversation, _ = Conversation.start(person, self.team, "Where is my file?", "I saved it yesterday.", at=at)
        conversation.take(self.agent, "")
        answer = conversation.reply(self.agent, "It is in the drafts.", at=at + timedelta(hours=1), close=True)
        conversation.went(answer, answer.at)
        Rating.give(conversation, person, 5, "Quick and kind.")
        return conversation

    def _waiting(self, person: Person) -> Conversation:
        at = NOW - timedelta(minutes=40)
        picture = Upload("screen.txt", "text/plain", b"It says no.")
        conversation, _ = Conversation.start(
            person, self.team, "It does not start", "It says no.\n\nWhat now?", at=at, uploads=[picture],
            html="<p>It says no.</p><p>What now?</p>", language="en",
        )  # fmt: skip
        conversation.tag(self.agent, ["start"])
        return conversation

    def _twin(self, person: Person, waiting: Conversation, answered: Conversation) -> Twin:
        message = waiting.messages.get()
        letter = Letter.objects.create(
            via="smtp", raw=f"From: {person.email}\n\nIt says no.".encode(), size=24, sha256="0" * 64, outcome="stored",
            conversation=waiting, message=message, mailbox=self.mailbox, received_at=NOW - timedelta(minutes=40),
        )  # fmt: skip
        return Twin(person, person.account, waiting, answered, letter, message.attachments.get(), message)

    def pay(self, plans: tuple[str, str], day: date) -> None:
        """Tell the ledger what the twins pay, as of a day."""
        for twin, plan in zip(self.twins, plans, strict=True):
            spend = 5000 if plan == PLANS[0] else 5
            slot.put(slot.Fact(twin.account.ledger_key, day, plan, spend, spend // 5, spend * 2, "twins"))
