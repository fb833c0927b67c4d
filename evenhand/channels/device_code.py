"""A mailbox granted with a code that its owner types in at the provider, on any device (RFC 8628).

For desks that no browser can be brought back to. Nobody waits for the owner: each look asks the provider once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import time
from typing import NamedTuple

from django.db import transaction

from . import oauth
from .grant import Grant
from .mailbox import Mailbox
from .sealing import seal, unseal

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
EVERY = 5  # seconds between two questions, where the provider does not say
SLOWER = 5  # seconds more, for a provider that finds us too fast
NEEDS_PUBLIC = "AADSTS7000218"  # Microsoft's number for "a secret is wanted"
WORDS = {
    "expired_token": "The code was not typed in at {label} in time. Get another one.",
    "authorization_declined": "{label} granted nothing. You can try again, or give a password.",
    "access_denied": "{label} granted nothing. You can try again, or give a password.",
}


class DeviceCode(NamedTuple):
    """What the owner types in, where, and until when; `sealed` is what we ask with. Times are seconds of the epoch."""

    typed: str
    there: str
    sealed: str
    began_at: float
    ends_at: float
    every: float
    next_at: float


def begin(provider: oauth.Provider) -> DeviceCode:
    """A new code. Raises oauth.Refused."""
    wanted = {"client_id": provider.client[0], "scope": provider.scope}
    found = oauth.ask(
        provider,
        lambda session: session.parse_response_token(session.post(provider.device, data=wanted, withhold_token=True)),
        by_code=True,
    )
    now = time()
    try:
        every = float(found.get("interval") or EVERY)
        return DeviceCode(
            typed=str(found["user_code"]), there=str(found["verification_uri"]), sealed=seal(found["device_code"]),
            began_at=now, ends_at=now + float(found["expires_in"]), every=every, next_at=now + every,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise oauth.Away(f"{provider.label} answers nothing that can be understood.") from error


def look(provider: oauth.Provider, mailbox: Mailbox, code: DeviceCode) -> Grant | DeviceCode:
    """What was granted, or the code to wait on with. Raises oauth.Refused when it leads nowhere any more."""
    if (now := time()) >= code.ends_at:
        raise oauth.Refused(WORDS["expired_token"].format(label=provider.label), "expired_token")
    if now < code.next_at:
        return code
    device_code = unseal(code.sealed)
    try:
        found = oauth.ask(
            provider,
            lambda session: session.fetch_token(provider.token, grant_type=GRANT_TYPE, device_code=device_code),
            by_code=True,
        )
    except oauth.Refused as error:
        if isinstance(error, oauth.Away) or error.reason in ("authorization_pending", "slow_down"):
            every = code.every + (SLOWER if error.reason == "slow_down" else 0)
            return code._replace(every=every, next_at=time() + every)
        if known := _granted_meanwhile(mailbox, code):
            return known
        raise _plainly(provider, error) from error
    with transaction.atomic():
        return oauth.keep(provider, mailbox, found, by_code=True)


def _granted_meanwhile(mailbox: Mailbox, code: DeviceCode) -> Grant | None:
    """By another look at the same moment: a code counts once."""
    return Grant.objects.filter(mailbox=mailbox, granted_at__gte=datetime.fromtimestamp(code.began_at, UTC)).first()


def _plainly(provider: oauth.Provider, error: oauth.Refused) -> oauth.Refused:
    if NEEDS_PUBLIC in str(error):
        return oauth.Refused(
            f"The desk's registration at {provider.label} does not let a code in: under Authentication there, switch on "
            "“Allow public client flows”, and try again.",
            error.reason,
        )
    if error.reason in WORDS:
        return oauth.Refused(WORDS[error.reason].format(label=provider.label), error.reason)
    return error
