from __future__ import annotations

from django.db import transaction

from evenhand.line.models import Turn
from evenhand.people.models import Account, Person
from evenhand.promise.need import need_from

from .customer_verbs import CustomerVerbs
from .event import Event


class LinkVerbs(CustomerVerbs):
    """What a customer does on their own page, which they reach by a link mailed to them."""

    class Meta:
        abstract = True

    def _happened_before(self, *whats: str) -> bool:
        return Event.objects.filter(conversation_id=self.pk, what__in=whats).exists()

    def may_say_impact(self) -> bool:
        """Whether the two impact questions are still open; whoever used the form has answered them there."""
        return self.channel != "form" and self.waiting_since is not None and not self._happened_before("impact said")

    @transaction.atomic
    def say_impact(self, person: Person, going_on: str, wish: str) -> None:
        """The customer answers the two impact questions, which decide the need for everyone alike."""
        self._happened("impact said", person=person, going_on=going_on, wish=wish)
        self.correct_need(need_from(going_on, wish), "The customer answered the impact questions.", person=person)

    def awaits_confirmation(self) -> bool:
        """Whether anyone could have given this address: nobody has come back yet by the link that was mailed to it."""
        return self.channel == "form" and not self._happened_before("confirmed", "disowned")

    @transaction.atomic
    def confirm(self, person: Person) -> None:
        """The address given in the form is theirs: they came back by the link that was mailed to it."""
        if self.awaits_confirmation():
            self._happened("confirmed", person=person)

    @transaction.atomic
    def disown(self, person: Person) -> None:
        """Somebody else used their address: it is closed, and they are not written to about it any more."""
        self._happened("disowned", person=person)
        self.close(person=person)

    @transaction.atomic
    def belong_to(self, account: Account) -> None:
        """Its person turned out to belong to `account`, with which it waits from now on, since the same moment."""
        self.lock()
        if self.account_id == account.pk:
            return
        self.account = account
        Turn.move(self.number, self.need, self.team_id, self.language, self.topic, account.pk)
        self.save(update_fields=["account"])
        self._happened("belongs elsewhere")
