"""Where allauth asks this desk: how mail leaves, where pages lead, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from evenhand.channels.models import Outgoing
from evenhand.people.models import Agent


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # published without types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False  # administrators invite

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        request = context.request
        given = {"request": request, "email": email, "current_site": get_current_site(request), **context_}
        letter = self.render_mail(template_prefix, email, given)
        Outgoing.post(Outgoing.Kind.SIGN_IN, [email], letter.subject, str(letter.body))

    def send_notification_mail(
        self, template_prefix: str, user: Agent, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what changed; that one is signed in or out can be seen."""
        if message_template and message_template.startswith("account/messages/logged_"):
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("accounts:me")


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # published without types
    """Keys of authenticator apps and recovery codes are kept encrypted: a copy of the database opens nothing."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"second-factor", digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(key))
