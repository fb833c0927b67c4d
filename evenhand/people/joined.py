from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .account import Account
from .agent import Agent
from .person import Person


class Joined(models.Model):
    """Two records of one person became one: who said so, and why. What was joined stands here, for whoever must undo it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="joined", help_text="Who stayed.")
    name = models.CharField(max_length=200, blank=True, help_text="Of the record that is gone.")
    language = models.CharField(max_length=8, blank=True, default="")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    known_since = models.DateTimeField(default=timezone.now)
    addresses = ArrayField(models.CharField(max_length=254), default=list)
    conversations = ArrayField(models.BigIntegerField(), default=list, help_text="Numbers of those it had begun.")
    accounts = models.JSONField(default=dict, help_text="Under which account each of those was.")
    moved = models.JSONField(default=dict, help_text="Which rows were its own, by kind.")
    lost = models.JSONField(default=list, help_text="Rows that both had one of: these went.")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    parted_at = models.DateTimeField(null=True, blank=True)
    parted_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    parted_reason = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{', '.join(self.addresses)} is {self.person}"

    @property
    def spans_organisations(self) -> bool:
        """Whether it joined people of two organisations, which an administrator alone does and undoes."""
        here = self.person.account
        return bool(self.account and self.account.name and here.name and self.account_id != here.pk)

    @classmethod
    @transaction.atomic
    def record(
        cls, person: Person, into: Person, by: Agent, reason: str, account: Account, conversations: dict[int, int]
    ) -> Joined:
        """`into` takes over all that is `person`'s, who belonged to `account`; `conversations` are theirs, each with the
        account that it was under."""
        joined = cls.objects.create(
            person=into,
            name=person.name,
            language=person.language,
            account=account,
            known_since=person.created_at,
            addresses=list(person.addresses.order_by("pk").values_list("email", flat=True)),
            conversations=sorted(conversations),
            accounts=conversations,
            agent=by,
            reason=reason[:300],
        )
        joined.moved, joined.lost = into.absorb(person)
        joined.save(update_fields=["moved", "lost"])
        return joined

    @transaction.atomic
    def bring_back(self) -> Person:
        """The record that was gone, with the rows that were its own and still are with whoever stayed. Raises ValueError
        where that was done already, or where what was joined is not known."""
        held = Joined.objects.select_for_update().get(pk=self.pk)
        if held.parted_at or not held.moved:
            raise ValueError("This was undone already.")
        account = self.account or Account.objects.create()
        person = Person.objects.create(name=self.name, account=account, language=self.language)
        Person.objects.filter(pk=person.pk).update(created_at=self.known_since)
        for kind, rows, field in Person.relations():
            rows.filter(**{"pk__in": self.moved.get(kind, []), field: self.person_id}).update(**{field: person})
        for kind, row in self.lost:
            self._restore(row, kind.rpartition(".")[2], person)
        return person

    @staticmethod
    def _restore(row: dict[str, object], field: str, person: Person) -> None:
        (found,) = serializers.deserialize("python", [row])
        setattr(found.object, field, person)
        try:
            with transaction.atomic():
                found.save()
        except IntegrityError:  # what it was about is gone since
            return
