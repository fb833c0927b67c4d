"""Signing in to Google and Microsoft mailboxes: their owner grants it in a browser, or with a code (device_code.py), and
every connection asks for a fresh token (RFC 6749, with PKCE of RFC 7636)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .grant import Grant
from .mailbox import Mailbox

if TYPE_CHECKING:
    from authlib.integrations.base_client.errors import OAuthError
    from authlib.integrations.requests_client import OAuth2Session

SECONDS = 15  # for each answer
FRESH = timedelta(minutes=5)  # a token so young is used again
LEAST = timedelta(minutes=1)  # that a token must still hold


class Refused(Exception):
    """The provider does not let us in; the message says why, and `reason` is the provider's own word for it."""

    def __init__(self, words: str, reason: str = "") -> None:
        super().__init__(words)
        self.reason = reason


class Away(Refused):
    """The provider cannot be asked now."""


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    label: str
    authorize: str
    token: str
    scope: str
    imap: str
    smtp: str
    asks: tuple[tuple[str, str], ...]  # without which no refresh token is given
    device: str = ""  # where a code is asked for; empty where a code opens no mail

    @property
    def client(self) -> tuple[str, str]:
        """The identifier and the secret under which this desk is known there; empty where it is not."""
        found: tuple[str, str] = getattr(settings, f"{self.name.upper()}_CLIENT")
        return found

    def session(self, redirect: str = "", *, by_code: bool = False) -> OAuth2Session:
        """With a code the desk is a public client, whose secret is not wanted."""
        from authlib.integrations.requests_client import OAuth2Session  # 7 MB that most desks never need

        identifier, secret = self.client
        return OAuth2Session(
            identifier, "" if by_code else secret, scope=self.scope, redirect_uri=redirect or None,
            token_endpoint_auth_method="none" if by_code else "client_secret_post", code_challenge_method="S256",
            default_timeout=SECONDS,
        )  # fmt: skip


PROVIDERS = {
    "google": Provider(
        "google", "Google",
        "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
        "https://mail.google.com/", "imap.gmail.com", "smtp.gmail.com",
        (("access_type", "offline"), ("prompt", "consent")),
    ),
    "microsoft": Provider(
        "microsoft", "Microsoft",
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        "outlook.office365.com", "smtp.office365.com",
        (("prompt", "select_account"),),
        "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
    ),
}  # fmt: skip


class Began(NamedTuple):
    """Where to send the owner, and what to remember until they come back."""

    url: str
    state: str
    verifier: str


def known() -> list[Provider]:
    """The providers at which this desk is registered for the browser's way."""
    return [each for each in PROVIDERS.values() if all(each.client)]


def known_by_code() -> list[Provider]:
    """The providers at which this desk is registered and that grant mail with a code."""
    return [each for each in PROVIDERS.values() if each.device and each.client[0]]


def begin(provider: Provider, redirect: str, address: str) -> Began:
    verifier = secrets.token_urlsafe(48)
    url, state = provider.session(redirect).create_authorization_url(
        provider.authorize, code_verifier=verifier, login_hint=address, **dict(provider.asks)
    )
    return Began(url, state, verifier)


def finish(provider: Provider, mailbox: Mailbox, redirect: str, code: str, verifier: str) -> Grant:
    """Keep what was granted. Raises Refused."""
    found = ask(
        provider, lambda session: session.fetch_token(provider.token, code=code, code_verifier=verifier), redirect
    )
    return keep(provider, mailbox, found)


def keep(provider: Provider, mailbox: Mailbox, found: dict[str, Any], *, by_code: bool = False) -> Grant:
    """The grant for a mailbox, instead of any before. Raises Refused if it does not last."""
    if not found.get("access_token") or not found.get("refresh_token"):
        raise Refused(
            f"{provider.label} gave no lasting access. Take the desk out of the account's apps, and grant it again."
        )
    grant = Grant.objects.filter(mailbox=mailbox).first() or Grant(mailbox=mailbox)
    grant.provider, grant.by_code, grant.granted_at = provider.name, by_code, timezone.now()
    grant.renew(found["access_token"], found["refresh_token"], _expiry(found))
    return grant


def access_token(mailbox: Mailbox) -> str:
    """A token to sign in with, renewed before each connection. Raises Refused and Unsealable."""
    with transaction.atomic():  # one at a time: a refresh token may hold for one use only
        grant = Grant.objects.select_for_update().filter(mailbox=mailbox).first()
        if grant is None:
            raise Refused("Nobody has granted access to this mailbox: connect it again.")
        if not _usable(grant):
            _renew(grant)
    return grant.access_token


def _usable(grant: Grant) -> bool:
    now = timezone.now()
    return bool(
        grant.renewed_at and grant.expires_at and grant.renewed_at > now - FRESH and grant.expires_at > now + LEAST
    )


def _renew(grant: Grant) -> None:
    provider = PROVIDERS[grant.provider]
    token = grant.refresh_token
    found = ask(
        provider,
        lambda session: session.refresh_token(provider.token, refresh_token=token),
        by_code=grant.by_code,
    )
    if not found.get("access_token"):
        raise Refused(f"{provider.label} gave no access.")
    grant.renew(found["access_token"], found.get("refresh_token") or "", _expiry(found))


def ask(provider: Provider, question: Any, redirect: str = "", *, by_code: bool = False) -> dict[str, Any]:
    """What the provider answers. Raises Refused and Away."""
    identifier, secret = provider.client
    if not identifier or not (secret or by_code):
        raise Refused(
            f"This desk is not registered at {provider.label}: EVENHAND_{provider.name.upper()}_CLIENT_ID is not set."
        )
    from authlib.integrations.base_client.errors import OAuthError
    from requests import RequestException

    try:
        found: dict[str, Any] = question(provider.session(redirect, by_code=by_code))
    except OAuthError as error:
        raise Refused(
            f"{provider.label} refuses: {_words(error)}. Connect the mailbox again.", str(error.error)
        ) from error
    except (RequestException, ValueError) as error:
        raise Away(f"{provider.label} cannot be reached, or answers nothing that can be understood.") from error
    return found


def _words(error: OAuthError) -> str:
    """Microsoft adds numbers for its own help line."""
    return " ".join((error.description or error.error).partition("Trace ID:")[0].split()).rstrip(".")


def _expiry(found: dict[str, Any]) -> datetime:
    at = found.get("expires_at")
    return datetime.fromtimestamp(float(at), UTC) if at else timezone.now() + timedelta(seconds=300)
