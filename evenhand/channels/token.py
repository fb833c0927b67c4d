"""How we know our own letters again: a keyed digest in each Message-ID and reply address that we give out.

An identifier counts only if its digest is ours. A number in a subject, or an identifier somebody made up, says nothing.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

DIGEST_LENGTH = 20  # characters of base32: 100 bits
OUR_ID = re.compile(rf"c\.(\d{{1,18}})\.(\d{{1,18}})\.([a-z2-7]{{{DIGEST_LENGTH}}})@", re.IGNORECASE)
OUR_ADDRESS = re.compile(rf"\+c(\d{{1,18}})\.([a-z2-7]{{{DIGEST_LENGTH}}})@", re.IGNORECASE)


def _digest(*parts: object) -> str:
    """Base32, because a local part may lose its case on the way."""
    text = ":".join(map(str, ("mail", *parts))).encode()
    made = hmac.new(settings.SECRET_KEY.encode(), text, sha256).digest()
    return base64.b32encode(made).decode().lower()[:DIGEST_LENGTH]


def _holds(digest: str, *parts: object) -> bool:
    return hmac.compare_digest(digest.lower(), _digest(*parts))


def message_id(number: int, message: int, host: str) -> str:
    """The Message-ID, without angle brackets, of our letter about conversation `number`."""
    return f"c.{number}.{message}.{_digest('id', number, message)}@{host}"


def reply_address(mailbox: str, number: int) -> str:
    """The address at `mailbox` whose letters belong to conversation `number`."""
    local, _, host = mailbox.rpartition("@")
    return f"{local}+c{number}.{_digest('address', number)}@{host}"


def named_by_id(identifier: str) -> tuple[int, int] | None:
    """The numbers of the conversation and the message that one of our Message-IDs names; None for anyone else's."""
    found = OUR_ID.match(identifier.strip("<> "))
    if not found or not _holds(found[3], "id", number := int(found[1]), message := int(found[2])):
        return None
    return number, message


def named_by_address(address: str) -> int | None:
    """The number of the conversation that one of our reply addresses names."""
    found = OUR_ADDRESS.search(address)
    return int(found[1]) if found and _holds(found[2], "address", int(found[1])) else None


def conversation_named(identifiers: Iterable[str], addresses: Iterable[str]) -> int | None:
    """The conversation a letter belongs to by what it answers and where it was sent, the newest reference first."""
    for identifier in reversed(list(identifiers)):
        if named := named_by_id(identifier):
            return named[0]
    return next((number for each in addresses if (number := named_by_address(each)) is not None), None)


def without_tag(address: str) -> str:
    """An address without its `+…` part, folded: whose mailbox it is."""
    local, _, host = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"
