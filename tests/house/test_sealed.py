"""What a backup holds of secrets: whoever finds the file can sign in nowhere with it, neither here nor elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from evenhand.channels.models import Grant, Login, Mailbox
from evenhand.channels.sealing import Unsealable, seal
from evenhand.conversations.models import Conversation, Link
from evenhand.database.desk import OWNER
from evenhand.database.embedded import Embedded
from evenhand.people.models import Agent, ApiToken, Person, SignInLink

from .desk import run

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD, PHRASE = "Blaue-Murmel-47", "a pass phrase of Ada's own"
REFRESH, ACCESS = "1//refresh-0123456789abcdef", "ya29.access-0123456789abcdef"


@pytest.fixture
def place() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="evenhand-sealed-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def secrets() -> dict[str, str]:
    """One of each kind, by what it is, as who may use it has it."""
    mailbox = Mailbox.default()
    for way in Login.Way.values:
        login = Login(mailbox=mailbox, way=way, host="imap.example", port=993, user="help")
        login.password = PASSWORD
        login.save()
    grant = Grant(mailbox=mailbox, provider="google", sealed_refresh=seal(REFRESH))
    grant.renew(ACCESS, REFRESH, timezone.now() + timedelta(hours=1))
    ada = Agent.objects.create_user("ada@desk.example", name="Ada", password=PHRASE, is_admin=True)
    totp = generate_totp_secret()
    TOTP.activate(ada, totp)
    codes = RecoveryCodes.activate(ada)
    session = SessionStore()
    session["somebody"] = "signed in"
    session.save()
    conversation, _ = Conversation.start(mia := Person.at("mia@x.example", "Mia"), mailbox.team, "Hi", "Help")
    return {
        "a mailbox's password": PASSWORD,
        "a refresh token": REFRESH,
        "an access token": ACCESS,
        "an agent's password": PHRASE,
        "the key of an authenticator app": totp,
        "a recovery code": codes.generate_codes()[0],
        "a program's token": ApiToken.make(ada, "billing", ApiToken.Scope.LEDGER_WRITE),
        "a sign-in link": SignInLink.make(ada),
        "a session": str(session.session_key),
        "a customer's link": Link.make(conversation, mia).token,
    }


def unpacked(backup: Path, place: Path) -> str:
    """The database in a backup, as PostgreSQL would read it back."""
    with tarfile.open(backup) as tar:
        tar.extract("database.dump", place, filter="data")
    command = [str(Embedded.binaries() / "pg_restore"), "--file=-", str(place / "database.dump")]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace")


def test_a_backup_opens_nothing(secrets, place, database_urls, settings):
    (place / "secrets").mkdir()
    (place / "secrets" / "secret_key").write_text(settings.SECRET_KEY)
    done = run("backup", str(place / "desk.tar"), **{"EVENHAND_DATA": str(place), OWNER: database_urls["owner"]})
    assert done.returncode == 0, done.stderr
    dump = unpacked(place / "desk.tar", place)
    for row in (Login.objects.first().secret, Grant.objects.get().sealed_refresh, ApiToken.objects.get().digest):
        assert row in dump  # what is looked for would be found
    assert [what for what, secret in secrets.items() if secret in dump] == []
    assert settings.SECRET_KEY.encode() not in (place / "desk.tar").read_bytes()
    assert settings.SECRET_KEY not in dump


def test_what_is_sealed_needs_the_desks_own_key(secrets, settings):
    login, grant = Login.objects.first(), Grant.objects.get()
    assert (login.password, grant.refresh_token, grant.access_token) == (PASSWORD, REFRESH, ACCESS)
    settings.SECRET_KEY = "of whoever found the file"
    for sealed in (lambda: login.password, lambda: grant.refresh_token, lambda: grant.access_token):
        with pytest.raises(Unsealable):
            sealed()
