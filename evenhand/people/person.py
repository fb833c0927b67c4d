from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .account import Account


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
        words = self.name.split() or [self.email or "?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @classmethod
    def at(cls, email: str, name: str = "", language: str = "") -> Person:
        """The person who writes from `email`; whoever is new is welcomed into the account of their domain, or one of their own."""
        email = email.strip().lower()
        known = cls.objects.filter(addresses__email=email).select_related("account").first()
        if known:
            if name and not known.name:
                known.name = name[:200]
                known.save(update_fields=["name"])
            return known
        try:
            with transaction.atomic():
                account = Account.at_domain(email.rpartition("@")[2]) or Account.objects.create()
                person = cls.objects.create(name=name[:200], account=account, language=language)
                Address.objects.create(person=person, email=email)
                return person
        except IntegrityError:  # two letters from one newcomer, read at the same moment
            return cls.objects.select_related("account").get(addresses__email=email)

    @transaction.atomic
    def absorb(self, other: Person) -> None:
        """Take over all that is `other`'s, addresses among it, and let that record go. Raises ValueError for oneself."""
        if self.pk == other.pk:
            raise ValueError("This is the same person already.")
        for relation in Person._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            rows, field = relation.related_model._base_manager, relation.field.name
            for row in rows.filter(**{field: other}).values_list("pk", flat=True):
                try:
                    with transaction.atomic():
                        rows.filter(pk=row).update(**{field: self})
                except IntegrityError:  # both said the same thing once, a rating say: the one that stays counts
                    rows.filter(pk=row).delete()
        other.delete()


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
    def wrote(cls, email: str) -> None:
        """Somebody can be reached there after all: they have written from it."""
        cls.objects.filter(email=email.strip().lower()).exclude(bounced_at=None).update(bounced_at=None)
