"""The demo's customers: the cast and the many around them, in their organisations."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from random import Random
from typing import Any

from evenhand.people.models import Account, AccountDomain, Address, Person

from .cast import CUSTOMERS, CastCustomer
from .copy import copy

PEOPLE = 300
# How the customers of an international vendor spread over its languages.
SHARES = {"en": 44, "de": 13, "fr": 8, "es": 7, "ja": 5, "pl": 5, "pt": 4, "ru": 4, "el": 3, "zh": 3, "ar": 3, "he": 2}
ALONE = 0.25  # write for nobody but themselves


class Crowd:
    """Accounts, persons and addresses, not yet saved. `named` finds a member of the cast by address."""

    def __init__(self, random: Random, since: datetime) -> None:
        self.random, self.since = random, since
        self.names = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))
        self.accounts: list[Account] = []
        self.domains: list[AccountDomain] = []
        self.people: list[Person] = []
        self.addresses: list[Address] = []
        self.named: dict[str, Person] = {}
        self._organisations: dict[str, list[tuple[Account, str]]] = {language: [] for language in SHARES}
        self._taken: set[str] = set()
        self._gather()

    def _gather(self) -> None:
        for language, names in self.names.items():
            for name in names["organisations"]:
                account, domain = Account(name=name), self._domain_of(name, language)
                self._organisations[language].append((account, domain))
                self._founded(account, domain)
        for member in CUSTOMERS:
            self._cast(member)
        languages = self.random.choices(list(SHARES), list(SHARES.values()), k=PEOPLE - len(CUSTOMERS))
        for language in languages:
            self._somebody(language)

    def _domain_of(self, name: str, language: str) -> str:
        cast = next((each for each in CUSTOMERS if each.organisation == name), None)
        if cast:
            return cast.email.rpartition("@")[2]
        return f"{ascii_of(name) or f'{language}{len(self.accounts)}'}.example"

    def _founded(self, account: Account, domain: str) -> Account:
        self.accounts.append(account)
        self.domains.append(AccountDomain(account=account, domain=domain))
        return account

    def _cast(self, member: CastCustomer) -> None:
        known = {account.name: account for account in self.accounts if account.name}
        domain = member.email.rpartition("@")[2]
        account = known.get(member.organisation) if member.organisation else self._alone()
        # An organisation that only the cast has stays theirs: nobody else makes the twins unlike.
        account = account or self._founded(Account(name=member.organisation), domain)
        self.named[member.email] = self._person(member.name, member.language, account, member.email)

    def _somebody(self, language: str) -> None:
        names = self.names[language]
        given, family = self.random.randrange(len(names["given"])), self.random.choice(names["family"])
        parts = [family, names["given"][given]] if language in ("ja", "zh") else [names["given"][given], family]
        local = ascii_of(names.get("latin", names["given"])[given])
        organisations = self._organisations[language]
        if self.random.random() < ALONE:
            account, domain = self._alone(), self.random.choice(("post.example", "letterbox.example", "mail.example"))
        else:
            account, domain = self.random.choice(organisations)
        name = ("" if language in ("ja", "zh") else " ").join(parts)
        self._person(
            name, language, account, next(each for each in addresses(local, domain) if each not in self._taken)
        )

    def _alone(self) -> Account:
        account = Account()
        self.accounts.append(account)
        return account

    def _person(self, name: str, language: str, account: Account, email: str) -> Person:
        person = Person(name=name, language=language, account=account)
        self._taken.add(email)
        self.people.append(person)
        self.addresses.append(Address(person=person, email=email))
        return person

    def save(self) -> None:
        for rows in (self.accounts, self.domains, self.people, self.addresses):
            model: Any = type(rows[0])
            copy(model, rows)
        Account.objects.filter(pk__in=[each.pk for each in self.accounts]).update(created_at=self.since)
        Person.objects.filter(pk__in=[each.pk for each in self.people]).update(created_at=self.since)


def ascii_of(name: str) -> str:
    """A name as it could stand in an address; "" for one without Latin letters."""
    special = str.maketrans({"ß": "ss", "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "&": " "})
    plain = unicodedata.normalize("NFKD", name.translate(special)).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def addresses(local: str, domain: str) -> Iterator[str]:
    yield f"{local}@{domain}"
    for number in range(2, 1000):
        yield f"{local}{number}@{domain}"
