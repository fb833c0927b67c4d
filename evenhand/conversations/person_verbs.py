from __future__ import annotations

from django.db import transaction

from evenhand.people.models import Agent, Person

from .link import Link
from .link_verbs import LinkVerbs
from .message import Message


class PersonVerbs(LinkVerbs):
    """Whose question it is."""

    class Meta:
        abstract = True

    @transaction.atomic
    def brought_by(self, agent: Agent, preface: str) -> None:
        """An agent passed this on for the customer; what the agent wrote above it is for colleagues."""
        self._happened("passed on", agent=agent, address=self.person.email)
        if preface.strip():
            self.note(agent, preface)

    @transaction.atomic
    def same_person(self, address: str, agent: Agent, reason: str) -> None:
        """Whoever asks here also writes from `address`: their two records become one, with who said so and why. Raises
        ValueError for an address that is theirs already, or of nobody this agent knows from a conversation."""
        from .belonging import merge

        seen = agent.teams.values("pk")
        other = Person.objects.filter(addresses__email=address, conversations__team__in=seen).distinct().first()
        if other is None:
            raise ValueError("Nobody whom you know has written from this address.")
        if other.pk == self.person_id:
            raise ValueError("This address is theirs already.")
        if other.account_id != self.account_id and other.account.name and self.account.name:
            raise ValueError(
                f"They belong to two organisations, {other.account} and {self.account}. Ask an administrator to join them."
            )
        into = self.person if self.account.name or not other.account.name else other
        merge(other if into.pk == self.person_id else self.person, into, agent, reason)
        self._happened("same person", agent=agent, address=address, reason=reason)

    @transaction.atomic
    def end_links(self, person: Person, agent: Agent) -> None:
        """The links in what was mailed to `person` about this open nothing any more, whoever has them by now; the next letter
        brings a new one. Raises ValueError where they have none."""
        if not Link.revoke(self, person):
            raise ValueError("They have no link that opens. Somebody has ended them already, perhaps.")
        self._happened("links ended", agent=agent, address=person.email)

    @transaction.atomic
    def ask_for(self, person: Person, agent: Agent) -> None:
        """Somebody else turned out to be the one who asks: answers go to them, and they wait in their account's place.
        Whoever it seemed to be loses the way to it, and what they wrote stays theirs."""
        self.lock()
        if self.person_id == person.pk:
            return
        before = self.person
        Link.revoke(self, before)
        self.person = person
        self.save(update_fields=["person"])
        self.belong_to(person.account)
        self._happened("asked for", agent=agent, before=before.email, address=person.email)
        if Message.objects.filter(conversation_id=self.pk).count() == 1:  # it was passed on: these are their words
            Message.objects.filter(conversation_id=self.pk, person=before).update(person=person)
