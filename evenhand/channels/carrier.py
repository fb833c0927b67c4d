"""Who carries a mailbox's letters away: the server that the mailbox itself is at, else the desk's own."""

from __future__ import annotations

import base64
import smtplib
from typing import Self

from django.conf import settings

from . import oauth
from .host import public_address
from .login import Login
from .mailbox import Mailbox
from .provider import PROVIDERS, Provider
from .sealing import Unsealable
from .smtp import SMTP, opened
from .tls import Named
from .transport import NotLetIn, Transport

SECONDS = 20  # for each answer


class AtLogin(Transport):
    """The server at which a mailbox is signed in to."""

    def __init__(self, login: Login) -> None:
        super().__init__(f"smtp://{login.host}:{login.port}")
        self.login = login

    def _connect(self) -> SMTP:
        try:
            return self._signed_in()
        except (Unsealable, oauth.Refused) as error:
            raise NotLetIn(str(error)) from error

    def _signed_in(self) -> SMTP:
        login, context = self.login, Named.for_host(self.login.host)
        address = login.host if settings.EVENHAND_PRIVATE_HOSTS else public_address(login.host, login.port)
        server = opened(address, login.port, timeout=SECONDS, tls=context if login.tls else None)
        try:
            server.ehlo_or_helo_if_needed()
            if not login.tls and not login.here:
                server.starttls(context=context)  # raises where there is none: a password is not sent in the clear
            sign_in(server, login)
        except BaseException:
            server.close()
            raise
        return server


def sign_in(server: smtplib.SMTP, login: Login) -> None:
    if login.proof == Login.Proof.PASSWORD:
        server.login(login.user, login.password)
        return
    token = oauth.access_token(login.mailbox)
    said = f"user={login.user}\x01auth=Bearer {token}\x01\x01"
    server.ehlo_or_helo_if_needed()
    code, words = server.docmd("AUTH", f"XOAUTH2 {base64.b64encode(said.encode()).decode()}")
    if code == 334:  # the reason, which wants an empty answer before it is an error
        code, words = server.docmd("")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def configured() -> Transport | None:
    """What EVENHAND_OUTBOUND names: a server or a provider. None where letters stay in the house."""
    url = settings.EVENHAND_OUTBOUND
    if not url:
        return None
    return Provider(url) if url.partition(":")[0] in PROVIDERS else Transport(url)


class Carriers:
    """One connection for each server, kept for as many letters as there are to send."""

    def __init__(self) -> None:
        self.house = configured()
        self.own: dict[int, Transport | None] = {}

    def of(self, mailbox: Mailbox) -> Transport | None:
        """None where letters stay in the house."""
        if mailbox.pk not in self.own:
            login = mailbox.logins.filter(way=Login.Way.SEND).select_related("mailbox").first()
            self.own[mailbox.pk] = AtLogin(login) if login else None
        return self.own[mailbox.pk] or self.house

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self.house, *self.own.values()):
            if each:
                each.close()
