"""One event, as far as it concerns us: who, since when, and the object it speaks of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

NAMES = UUID("6f0d3c1a-8f5e-5a53-9d07-2f4c8f6d1b1e")  # the space of keys made of Stripe's names
MOMENTS = range(1_262_304_000, 7_258_118_400)  # 2010 to 2200


class Event(NamedTuple):
    kind: str
    said_at: datetime
    about: dict[str, Any]

    @classmethod
    def read(cls, body: bytes) -> Event:
        """Raises ValueError for what is no event."""
        said = json.loads(body)
        kind, created, about = said["type"], said["created"], said["data"]["object"]
        if not isinstance(kind, str) or type(created) is not int or not isinstance(about, dict):
            raise ValueError("an event has a type, a moment and an object")
        if created not in MOMENTS:
            raise ValueError("the moment is none of ours")
        return cls(kind, datetime.fromtimestamp(created, UTC) + _after(kind), about)

    @property
    def customer(self) -> str:
        """Stripe's name for the customer. Raises ValueError where there is none."""
        named = self.about.get("customer") if self.about.get("object") != "customer" else self.about
        name = named.get("id") if isinstance(named, dict) else named
        if not isinstance(name, str) or not name:
            raise ValueError("the event names no customer")
        return name

    @property
    def key(self) -> UUID:
        """Under which the ledger keeps what is said of this customer, whoever they are."""
        return uuid5(NAMES, self.customer)

    @property
    def since(self) -> date:
        """From which day on the customer is `whose`: in `metadata`, where billing corrects itself; else the event's own."""
        given = self._metadata.get("evenhand_since", "")
        day = date.fromisoformat(given) if given else self.said_at.date()
        if day > self.said_at.date():
            raise ValueError("the day has not come")
        return day

    @property
    def whose(self) -> tuple[str, str]:
        """(mail address, organisation) as far as the event says: in `metadata`, else the customer's own address."""
        given = self._metadata
        email = given.get("evenhand_customer") or self._email()
        organisation = given.get("evenhand_organisation")
        if organisation and not given.get("evenhand_customer"):
            email = ""
        return _word(email), _word(organisation)

    @property
    def _metadata(self) -> dict[str, Any]:
        given = self.about.get("metadata")
        return given if isinstance(given, dict) else {}

    def _email(self) -> object:
        if self.about.get("object") == "customer":
            return self.about.get("email")
        expanded = self.about.get("customer")
        return expanded.get("email") if isinstance(expanded, dict) else ""


def _after(kind: str) -> timedelta:
    """Stripe's clock has whole seconds, and its letters come in any order: in one second things begin, change, then end."""
    order = {"created": 0, "deleted": 2}
    return timedelta(microseconds=order.get(kind.rpartition(".")[2], 1))


def _word(given: object) -> str:
    return given.strip() if isinstance(given, str) and given.isprintable() else ""
