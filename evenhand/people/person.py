from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from django.core import serializers
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from .account import Account

# Somebody new, their address, and the account of their domain or one of their own.
WELCOME = """
    WITH theirs AS (
        SELECT account.* FROM people_accountdomain JOIN people_account AS account ON account.id = account_id
        WHERE domain = %(domain)s
    ), own AS (
        INSERT INTO people_account (name, ledger_key, created_at)
        SELECT '', %(key)s, %(now)s WHERE NOT EXISTS (SELECT FROM theirs) RETURNING *
    ), account AS (
        SELECT id, name, ledger_key, created_at FROM theirs UNION ALL SELECT id, name, ledger_key, created_at FROM own
    ), person AS (
        INSERT INTO people_person (name, language, account_id, created_at)
        SELECT %(name)s, %(language)s, id, %(now)s FROM account RETURNING id
    ), address AS (
        INSERT INTO people_address (person_id, email) SELECT id, %(email)s FROM person
    )
    SELECT person.id, account.* FROM person, account
"""


class Person(models.Model):
    """A customer: someone who writes to us. What they pay is not known here, on purpose."""

    name = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="people")
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def email(self) -> str:
        """Where we write to: the newest address that has not bounced, else the newest."""
        addresses = sorted(self.addresses.all(), key=lambda each: (each.bounced_at is None, each.pk))
        return addresses[-1].email if addresses else ""

    @property
    def initials(self) -> str:
        words = [each for each in self.name.split() if each[0].isalnum()] or [self.email or "?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @classmethod
    def at(cls, email: str, name: str = "", language: str = "") -> Person:
        """The person who writes from `email`; whoever is new is welcomed into the account of their domain, or one of their own."""
        email = email.strip().lower()
        known = cls.objects.filter(addresses__email=email).select_related("account").first()
        if known:
            return known.named(name)
        return cls.welcome(email, name, language)

    @classmethod
    def welcome(cls, email: str, name: str = "", language: str = "") -> Self:
        """Somebody who writes from `email`, where nobody has written from so far."""
        try:
            with transaction.atomic():
                return cls._make(email, name[:200], language)
        except IntegrityError:  # two letters from one newcomer, read at the same moment
            return cls.objects.select_related("account").get(addresses__email=email)

    @classmethod
    def _make(cls, email: str, name: str, language: str) -> Self:
        now, domain = timezone.now(), email.rpartition("@")[2]
        new: dict[str, str | UUID | datetime] = {
            "email": email,
            "domain": domain,
            "name": name,
            "language": language,
            "key": uuid4(),
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(WELCOME, new)
            pk, *account = cursor.fetchone()
        names = [field.attname for field in cls._meta.concrete_fields]
        known = {"id": pk, "name": name, "language": language, "account_id": account[0], "created_at": now}
        person = cls.from_db(connection.alias, names, [known[each] for each in names])
        person.account = Account.from_db(connection.alias, ["id", "name", "ledger_key", "created_at"], account)
        return person

    def named(self, name: str) -> Self:
        """This person, who may have said their name for the first time."""
        if name and not self.name:
            self.name = name[:200]
            self.save(update_fields=["name"])
        return self

    @classmethod
    def relations(cls) -> Iterator[tuple[str, models.Manager[Any], str]]:
        """All that can be a person's: under a name that lasts, its rows, and the field of theirs that names the person."""
        for relation in cls._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ManyToOneRel):
                rows, field = relation.related_model, relation.field.name
                yield f"{rows._meta.label_lower}.{field}", rows._base_manager, field

    @transaction.atomic
    def absorb(self, other: Person) -> tuple[dict[str, list[int]], list[tuple[str, dict[str, Any]]]]:
        """Take over all that is `other`'s, addresses among it, and let that record go. The rows that were taken, by kind,
        and those that went because both had said the same thing once. Raises ValueError for oneself."""
        if self.pk == other.pk:
            raise ValueError("This is the same person already.")
        moved: dict[str, list[int]] = {}
        lost: list[tuple[str, dict[str, Any]]] = []
        for kind, rows, field in Person.relations():
            for pk in rows.filter(**{field: other}).order_by("pk").values_list("pk", flat=True):
                try:
                    with transaction.atomic():
                        rows.filter(pk=pk).update(**{field: self})
                    moved.setdefault(kind, []).append(pk)
                except IntegrityError:  # both said the same thing once, a rating say: the one that stays counts
                    row = rows.filter(pk=pk)
                    lost += [(kind, each) for each in json.loads(serializers.serialize("json", row))]
                    row.delete()
        other.delete()
        return moved, lost


class Address(models.Model):
    """A mail address of a person, folded to lower case."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    email = models.CharField(max_length=254, unique=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email

    @classmethod
    def came_back(cls, email: str) -> None:
        """Nobody can be reached there."""
        cls.objects.filter(email=email.strip().lower(), bounced_at=None).update(bounced_at=timezone.now())

    @classmethod
    def wrote(cls, email: str) -> Self | None:
        """The address that somebody wrote from, with whose it is: they can be reached there after all."""
        known = cls.objects.filter(email=email).select_related("person__account").first()
        if known and known.bounced_at:
            known.bounced_at = None
            known.save(update_fields=["bounced_at"])
        return known
