"""Is this from Stripe, and from now? `Stripe-Signature: t=…,v1=…`, HMAC-SHA256 of the moment and the body."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

TOLERANCE = 300  # seconds either way, as Stripe's own libraries have it
MOST = 10  # parts of a header that are looked at


def signed(header: str, body: bytes, secrets: Sequence[str], now: float) -> bool:
    """Whether one of the signatures is right under one of the secrets (two while one replaces the other) and not older
    than five minutes. All are compared, in constant time, so that the time it takes tells nothing."""
    parts = [part.strip().partition("=") for part in header.split(",", MOST)[:MOST]]
    moment = next((value for name, _, value in parts if name == "t"), "")
    if not (moment.isascii() and moment.isdecimal() and len(moment) < 16):
        return False
    given = [value.encode("ascii", "replace") for name, _, value in parts if name == "v1"]
    right = [_signature(secret, moment, body) for secret in secrets]
    matches = [hmac.compare_digest(one, other) for one in given for other in right]
    return any(matches) and abs(now - int(moment)) <= TOLERANCE


def _signature(secret: str, moment: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, sha256).hexdigest().encode()
