"""Passwords and tokens of other people's servers, kept so that a copy of the database opens nothing.

The key is made from the desk's secret, which is in no backup unless asked for.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unsealable(ValueError):
    """It was sealed with another secret than the desk has now."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unsealable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unsealable(
            "The password was kept with another secret key than the desk has now: give it again."
        ) from None


def _box() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"mailbox-login", digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(key))
