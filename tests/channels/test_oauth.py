"""Access that the owner of a mailbox grants: a provider of the tests' own, and Dovecot, which asks it about each token."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from evenhand.channels import imap, oauth
from evenhand.channels.models import Folder, Grant, Letter, Login
from tests.dovecot import Dovecot

from .authorisation import authorisation
from .post import write

pytestmark = pytest.mark.django_db
BACK = "https://desk.example/settings/mailboxes/granted"


@pytest.fixture(scope="module")
def provider():
    with authorisation() as made:
        yield made


@pytest.fixture(scope="module")
def dovecot(provider):
    with Dovecot(introspects=f"{provider.url}/check?token=") as server:
        yield server


@pytest.fixture(autouse=True)
def registered(provider, monkeypatch, settings):
    settings.GOOGLE_CLIENT = ("the desk", "the secret")
    settings.EVENHAND_PRIVATE_HOSTS = True
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the tests' provider speaks no TLS
    google = replace(oauth.PROVIDERS["google"], authorize=f"{provider.url}/authorize", token=f"{provider.url}/token")
    monkeypatch.setitem(oauth.PROVIDERS, "google", google)
    provider.away = False
    provider.asked.clear()


@pytest.fixture
def granted(provider, mailbox) -> Grant:
    google = oauth.PROVIDERS["google"]
    began = oauth.begin(google, BACK, mailbox.address)
    code = provider.agree(began.url, "support@desk.example")
    return oauth.finish(google, mailbox, BACK, code, began.verifier)


@pytest.fixture
def where(dovecot, mailbox, granted) -> imap.Where:
    login = Login.objects.create(
        mailbox=mailbox, way="imap", host="127.0.0.1", port=dovecot.port, tls=False, user="support@desk.example", proof="google"
    )  # fmt: skip
    return imap.Where.each_of(login)[0]


def later() -> None:
    """The token is no longer fresh, and the folder may be tried."""
    Grant.objects.update(renewed_at=timezone.now() - timedelta(minutes=6))
    Folder.objects.update(next_try_at=timezone.now())


def test_a_mailbox_is_fetched_with_what_was_granted(dovecot, where, provider):
    dovecot.deliver("support", [write("by token")])
    assert imap.fetch(where) == 1
    assert b"by token" in bytes(Letter.objects.get().raw)
    later()
    dovecot.deliver("support", [write("by another token")])
    assert imap.fetch(where) == 1
    assert provider.asked == ["authorization_code", "refresh_token"]


def test_a_token_is_renewed_before_each_connection_and_the_provider_may_change_both(where, provider, granted):
    seen = set()
    for _ in range(3):
        later()
        imap.fetch(where)
        granted.refresh_from_db()
        seen.add((granted.access_token, granted.refresh_token))
    assert len(seen) == 3
    assert Folder.objects.get().error == ""


def test_what_was_taken_back_is_said(where, provider):
    provider.revoke()
    later()
    imap.fetch(where)
    folder = Folder.objects.get()
    assert folder.error == "Google refuses: Token has been expired or revoked. Connect the mailbox again."
    assert folder.next_try_at > timezone.now() + timedelta(seconds=50)  # not every few seconds


def test_a_token_that_the_mail_server_no_longer_takes_is_said(where, provider):
    provider.access.clear()
    imap.fetch(where)
    assert Folder.objects.get().error.startswith("127.0.0.1 refuses what Google grants for support@desk.example")


def test_a_provider_that_is_away_is_asked_again(where, provider):
    provider.away = True
    later()
    imap.fetch(where)
    assert Folder.objects.get().error.startswith("Google cannot be reached")
    provider.away = False
    later()
    imap.fetch(where)
    assert Folder.objects.get().error == ""


def test_a_code_without_its_verifier_opens_nothing(provider, mailbox):
    google = oauth.PROVIDERS["google"]
    began = oauth.begin(google, BACK, mailbox.address)
    code = provider.agree(began.url, "support@desk.example")
    with pytest.raises(oauth.Refused):
        oauth.finish(google, mailbox, BACK, code, "another verifier")
    assert not Grant.objects.exists()


def test_no_token_is_in_the_database_in_the_clear(granted):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(g)::text FROM channels_grant g")
        (row,) = cursor.fetchone()
    assert granted.refresh_token not in row
    assert granted.access_token not in row


def test_where_the_desk_is_not_registered_nothing_is_offered(settings, mailbox):
    settings.GOOGLE_CLIENT = settings.MICROSOFT_CLIENT = ("", "")
    assert oauth.known() == []
