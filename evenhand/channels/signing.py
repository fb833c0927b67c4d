"""Signing our letters (DKIM, RFC 6376), so that the world can tell them from those in our name.

One key for all domains, made when it is first asked for and kept with the secrets. It signs only where EVENHAND_DKIM names
the selector: a signature whose key nobody can look up is worse than none.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from evenhand import env
from evenhand.people.freemail import FREE_MAIL

SELECTOR = "evenhand"  # suggested
BITS = 2048


def sign(raw: bytes, domain: str) -> bytes:
    """The letter with its signature before it, or as it is where nothing is to be signed."""
    selector = settings.EVENHAND_DKIM
    if not selector or domain.lower() in FREE_MAIL:  # where nobody can publish a key of ours
        return raw
    import dkim

    ascii_domain = domain.encode("idna") if not domain.isascii() else domain.encode()
    canonical = (b"relaxed", b"relaxed")  # mailing lists and gateways fold lines anew
    return bytes(dkim.sign(raw, selector.encode(), ascii_domain, _private(), canonicalize=canonical)) + raw


def record(domain: str) -> tuple[str, str]:
    """The name and the text that belong into the DNS of a domain."""
    known = serialization.load_pem_private_key(_private(), None)
    made = known.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return (
        f"{settings.EVENHAND_DKIM or SELECTOR}._domainkey.{domain}",
        f"v=DKIM1; k=rsa; p={base64.b64encode(made).decode()}",
    )


@lru_cache(maxsize=1)
def _private() -> bytes:
    """The key in PEM: the file of EVENHAND_DKIM_KEY, else one of our own."""
    if given := settings.EVENHAND_DKIM_KEY:
        return Path(given).read_bytes()
    return env.kept(settings.EVENHAND_DATA / "secrets" / "dkim.pem", _make).encode()


def _make() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    traditional, open_ = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, traditional, open_).decode()
