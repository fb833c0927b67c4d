"""A desk with something of everything, two teams, and one of each who may come."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core import signing
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from evenhand.channels import device_code, oauth
from evenhand.channels.models import Letter, Mailbox, Outgoing
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Draft, Link
from evenhand.parity.models import Opinion
from evenhand.people.models import Account, Agent, ApiToken, Person, SignInLink, Team
from evenhand.web.accounts import address
from evenhand.web.desk import formatted
from evenhand.web.study import KeptStudy


@dataclass
class Desk:
    """Who may come, and what the addresses name."""

    agent: Agent
    foreign: Agent
    admin: Agent
    things: dict[str, object]

    def come_as(self, role: str) -> Client:
        client = Client(REMOTE_ADDR="203.0.113.9")  # from outside: some pages trust this very machine
        who = {"agent": self.agent, "foreign": self.foreign, "admin": self.admin}.get(role)
        if who:
            client.force_login(who)
        return client


def _nobody_answers(_provider: oauth.Provider) -> None:
    raise oauth.Away("Nobody is asked.")


def _agent(team: Team, name: str, **more: object) -> Agent:
    agent = Agent.objects.create_user(f"{name}@desk.example", name=name, **more)
    agent.teams.add(team)
    return agent


def _with_every_way_in(agent: Agent) -> Authenticator:
    """A password, codes from an app, recovery codes and a security key."""
    Agent.objects.filter(pk=agent.pk).update(password=make_password("a long pass phrase"))
    agent.refresh_from_db()
    TOTP.activate(agent, generate_totp_secret())
    RecoveryCodes.activate(agent)
    return Authenticator.objects.create(
        user=agent, type="webauthn", data={"name": "Blue", "credential": a_credential()}
    )


def a_credential() -> dict[str, object]:
    """What a security key answers when it is registered."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(Aaguid(bytes(16)), b"a security key..", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, held)
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    response = {
        "clientDataJSON": websafe_encode(said),
        "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
    }
    name = websafe_encode(held.credential_id)
    return {"id": name, "rawId": name, "type": "public-key", "response": response}


@pytest.fixture
def desk(db, monkeypatch, settings) -> Desk:
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
    settings.GOOGLE_CLIENT = settings.MICROSOFT_CLIENT = ("the desk", "the secret")
    monkeypatch.setattr(device_code, "begin", _nobody_answers)
    team, elsewhere = Team.objects.create(name="Support"), Team.objects.create(name="Elsewhere")
    agent, foreign = _agent(team, "ada"), _agent(elsewhere, "ed")
    key = _with_every_way_in(agent)
    admin = _agent(elsewhere, "noor", is_admin=True)
    account = Account.objects.create(name="Calm Rooms")
    account.domains.create(domain="calm.example")
    person = Person.at("mira@calm.example", "Mira Lind")
    conversation, message = Conversation.start(
        person,
        team,
        "SECRET",
        "SECRET",
        uploads=[
            Upload("a.txt", "text/plain", b"SECRET"),
            Upload("b.eml", "message/rfc822", b"Subject: SECRET\r\n\r\nSECRET"),
        ],
    )
    mine = conversation.reply(agent, "SECRET answer", html="<p>SECRET answer</p>")
    conversation.went(mine, timezone.now())
    picture = Attachment.keep(message, Upload("p.png", "image/png", b"\x89PNG\r\n\x1a\nSECRET picture"))
    picture.thumbnail = picture.stored_as
    picture.save()
    among = Attachment.keep(mine, Upload("i.png", "image/png", b"\x89PNG\r\n\x1a\nSECRET among", inline=True))
    begun = Draft.objects.create(conversation=conversation, agent=agent, html="SECRET")
    begun.hold([Upload("SECRET.txt", "text/plain", b"SECRET")])
    mailbox = Mailbox.objects.create(address="help@desk.example", name="Help", team=team)
    letter = Letter.objects.create(
        via="smtp", raw=b"Subject: SECRET\r\n\r\nSECRET", size=1, sha256="0", conversation=conversation, message=message, mailbox=mailbox,
    )  # fmt: skip
    return Desk(
        agent,
        foreign,
        admin,
        {
            "conversation": conversation.pk,
            "message": message.pk,
            "reply": mine.pk,
            "attachment": message.attachments.get(name="a.txt").key,
            "attached": message.attachments.get(name="b.eml").key,
            "letter": letter.pk,
            "picture": picture.key,
            "inline": among.key,
            "draft-file": begun.files.get().pk,
            "key": key.pk,
            "opinion": Opinion.objects.create(agrees=True, word="SECRET").pk,
            "view": agent.views.create(name="SECRET view", query="box=open").pk,
            "study": KeptStudy.objects.create(name="SECRET study", made_by=agent, toml="").pk,
            "shown": signing.dumps(["a", among.pk], salt=formatted.SALT),
            "member": agent.pk,
            "gone": _agent(elsewhere, "gone", is_active=False).pk,
            "team": team.pk,
            "mailbox": mailbox.pk,
            "account": account.pk,
            "person": person.pk,
            "link": Link.of(conversation, person).token,
            "sign-in": SignInLink.make(agent),
            "new-address": signing.dumps([agent.pk, agent.email, "new@desk.example"], salt=address.SALT),
            "token": ApiToken.objects.create(name="SECRET token", made_by=admin, digest="0").pk,
            "outgoing": Outgoing.objects.create(
                kind="sign-in",
                mailbox=mailbox,
                to=["a@a.example"],
                recipient="a@a.example",
                rfc_id="x@y",
                raw=b"SECRET",
            ).pk,
        },
    )
