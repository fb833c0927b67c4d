"""A mail service that posts letters here: what each of them can do, and what they share."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from typing import Protocol

from django.http import HttpRequest

from evenhand.channels.letter import Arrival


class NotSigned(Exception):
    """It is not from the service, or nobody can tell."""


class NotNow(Exception):
    """It may well be right, but what is needed for it cannot be had just now; the service shall try again."""


class TooLarge(Exception):
    """A letter past the limit: `begin` are its first bytes, `size` is how many it has."""

    def __init__(self, begin: Arrival, size: int) -> None:
        super().__init__(size)
        self.begin, self.size = begin, size


class Service(Protocol):
    """`check` comes first, and `letters` is asked only of what it lets pass."""

    @property
    def bytewise(self) -> bool:
        """Whether the letter stands in a form, where its bytes are no text."""

    def check(self, request: HttpRequest, secret: str) -> None:
        """Raises NotSigned or NotNow."""

    def letters(self, request: HttpRequest) -> Iterable[Arrival]:
        """What is in it, as it came. Raises NotNow and TooLarge; KeyError and its like where nothing is found."""


def raw_of(text: str, *, base64: bool = False) -> bytes:
    """The letter that stands in JSON."""
    return b64decode(text, validate=True) if base64 else text.encode("utf-8", "surrogateescape")


def arrival(raw: bytes, sender: object, *recipients: object) -> Arrival:
    return Arrival(raw, "hook", str(sender or ""), tuple(str(each) for each in recipients if each))
