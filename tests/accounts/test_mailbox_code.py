"""Connecting a mailbox at Microsoft with a code, at a provider of the tests' own."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from evenhand.channels import device_code, oauth
from evenhand.channels.models import Grant, Login, Mailbox
from evenhand.channels.sealing import seal
from evenhand.web.sessions import SessionStore
from tests.browser import PHONE, axe
from tests.channels.authorisation import authorisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def microsoft(monkeypatch, settings):
    """Registered without a secret, which a code does not want."""
    settings.MICROSOFT_CLIENT, settings.GOOGLE_CLIENT = ("the desk", ""), ("the desk", "")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with authorisation() as provider:
        made = replace(oauth.PROVIDERS["microsoft"], device=f"{provider.url}/device", token=f"{provider.url}/token")
        monkeypatch.setitem(oauth.PROVIDERS, "microsoft", made)
        yield provider


@pytest.fixture
def clock(monkeypatch):
    """Seconds that a test lets pass."""

    class Clock:
        past = 0.0

        def __call__(self) -> float:
            return timezone.now().timestamp() + self.past

    clock = Clock()
    monkeypatch.setattr(device_code, "time", clock)
    return clock


def at(mailbox: Mailbox, step: str) -> str:
    return f"/settings/mailboxes/{mailbox.pk}/{step}"


def text(client, url: str) -> str:
    return client.get(url).content.decode()


def look(client, mailbox: Mailbox, *, by_itself: bool = True):
    return client.post(at(mailbox, "microsoft/look/"), headers={"HX-Request": "true"} if by_itself else {})


def test_a_mailbox_is_connected_with_a_code(as_admin, mailbox, microsoft, clock):
    assert "with a code" in text(as_admin, at(mailbox, "login/"))
    assert "Google gives no access to mail with a code" in text(as_admin, at(mailbox, "login/"))
    assert "Get a code" in text(as_admin, at(mailbox, "microsoft/code/"))
    assert microsoft.devices == {}  # looking at a page asks nobody for anything
    as_admin.post(at(mailbox, "microsoft/code/"))
    page = text(as_admin, at(mailbox, "microsoft/code/"))
    assert "CODE-1" in page
    assert 'href="https://provider.example/device"' in page
    assert "every 5s" in page
    clock.past = 6
    waits = look(as_admin, mailbox).content.decode()
    assert waits.startswith("<form")
    assert "Waiting for Microsoft" in waits
    microsoft.type_in(mailbox.address)
    clock.past = 12
    assert look(as_admin, mailbox)["HX-Redirect"] == at(mailbox, "test/")
    assert {each.way: (each.host, each.proof) for each in Login.objects.all()} == {
        "imap": ("outlook.office365.com", "microsoft"), "smtp": ("smtp.office365.com", "microsoft"),
    }  # fmt: skip
    first = oauth.access_token(mailbox)
    Grant.objects.update(renewed_at=timezone.now() - timedelta(minutes=6))
    assert oauth.access_token(mailbox) != first  # renewed as it was granted: without a secret
    assert look(as_admin, mailbox)["HX-Redirect"] == at(mailbox, "microsoft/code/")  # once


def test_without_javascript_a_button_looks(as_admin, mailbox, microsoft, clock):
    as_admin.post(at(mailbox, "microsoft/code/"))
    clock.past = 6
    assert look(as_admin, mailbox, by_itself=False).url == at(mailbox, "microsoft/code/")
    assert "was not typed in yet" in text(as_admin, at(mailbox, "microsoft/code/"))
    microsoft.type_in(mailbox.address)
    clock.past = 12
    assert look(as_admin, mailbox, by_itself=False).url == at(mailbox, "test/")


def test_the_provider_is_asked_no_more_often_than_it_wants(as_admin, mailbox, microsoft, clock):
    as_admin.post(at(mailbox, "microsoft/code/"))
    for _ in range(3):
        look(as_admin, mailbox)
    assert len(microsoft.asked) == 0
    clock.past = 6
    microsoft.refuses = "slow_down"
    assert "every 10s" in look(as_admin, mailbox).content.decode()
    microsoft.refuses = ""
    clock.past = 14
    look(as_admin, mailbox)
    assert len(microsoft.asked) == 1
    clock.past = 17
    look(as_admin, mailbox)
    assert len(microsoft.asked) == 2


def test_a_provider_that_is_away_is_waited_for(as_admin, mailbox, microsoft, clock):
    as_admin.post(at(mailbox, "microsoft/code/"))
    microsoft.away, clock.past = True, 6
    assert "Waiting for" in look(as_admin, mailbox).content.decode()
    microsoft.away, clock.past = False, 12
    microsoft.type_in(mailbox.address)
    assert look(as_admin, mailbox)["HX-Redirect"] == at(mailbox, "test/")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"refuses": "authorization_declined"}, "Microsoft granted nothing."),
        ({"refuses": "expired_token"}, "was not typed in at Microsoft in time"),
        ({"public": False}, "switch on “Allow public client flows”"),
        ({"refuses": "invalid_scope"}, "Microsoft refuses: invalid_scope."),
        ({}, "was not typed in at Microsoft in time"),
    ],
)
def test_what_leads_nowhere_is_said(as_admin, mailbox, microsoft, clock, changed, said):
    as_admin.post(at(mailbox, "microsoft/code/"))
    for name, value in changed.items():
        setattr(microsoft, name, value)
    clock.past = 6 if changed else 901
    assert look(as_admin, mailbox)["HX-Redirect"] == at(mailbox, "microsoft/code/")
    page = text(as_admin, at(mailbox, "microsoft/code/"))
    assert said in page
    assert "Trace ID" not in page
    assert "Get a code" in page
    assert not Grant.objects.exists()


def test_two_looks_at_one_moment_are_one_grant(mailbox, microsoft, clock):
    """A code counts once: the second look is told that it is spent, and finds what the first one kept."""
    provider = oauth.PROVIDERS["microsoft"]
    code = device_code.begin(provider)
    microsoft.type_in(mailbox.address)
    clock.past = 6
    first, second = (device_code.look(provider, mailbox, code) for _ in range(2))
    assert first == second == Grant.objects.get()


def test_a_code_belongs_to_who_asked_for_it_and_to_one_mailbox(as_admin, admin, mailbox, microsoft, clock, team):
    other = Mailbox.objects.create(address="other@desk.example", name="Other", team=team)
    as_admin.post(at(mailbox, "microsoft/code/"))
    assert "device-1" not in str([each.get_decoded() for each in Session.objects.all()])  # sealed
    microsoft.type_in(mailbox.address)
    clock.past = 6
    assert look(as_admin, other)["HX-Redirect"] == at(other, "microsoft/code/")
    assert not Grant.objects.exists()
    another = Client()
    another.force_login(admin)
    assert look(another, mailbox)["HX-Redirect"] == at(mailbox, "microsoft/code/")
    assert not Grant.objects.exists()


def test_google_gives_no_mail_with_a_code(as_admin, mailbox, microsoft):
    assert [each.name for each in oauth.known_by_code()] == ["microsoft"]
    assert as_admin.get(at(mailbox, "google/code/")).status_code == 404


@pytest.mark.parametrize(
    ("url", "opened", "said"),
    [
        ("https://desk.example", "desk.example", ""),
        ("http://localhost:8000", "localhost:8000", ""),
        ("http://desk.example", "desk.example", "https addresses only"),
        ("http://localhost:8000", "127.0.0.1:8000", "Open this page there first"),
    ],
)
def test_where_the_browser_cannot_come_back_is_said_before(as_admin, mailbox, settings, url, opened, said):
    settings.GOOGLE_CLIENT = settings.MICROSOFT_CLIENT = ("the desk", "the secret")
    settings.EVENHAND_URL, settings.ALLOWED_HOSTS = url, ["*"]
    for name in ("google", "microsoft"):
        page = as_admin.get(at(mailbox, f"{name}/"), headers={"host": opened}).content.decode()
        assert (said in page, "Use a code instead" in page) == (True, name == "microsoft")
        if not said:
            assert re.search(r"redirect_uri=[^&\"]+", page)[0].startswith("redirect_uri=http")
            assert "Open this page there first" not in page
            assert "https addresses only" not in page


def test_the_page_goes_on_by_itself(visit, admin, mailbox):
    """The desk under test has a process of its own; what it would hear from Microsoft is answered at its door."""
    page = visit(admin, at(mailbox, "microsoft/code/"))
    code = device_code.DeviceCode("CODE-1", "https://provider.example/device", seal("device-1"), 0, 9e9, 1, 9e9)
    session = Session.objects.get(pk=page.context.cookies()[0]["value"])
    kept = session.get_decoded() | {"mailbox-code": {"mailbox": mailbox.pk, **code._asdict()}}
    Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))
    page.reload()
    page.get_by_text("CODE-1").wait_for()
    with page.expect_response("**/microsoft/look/") as looked:  # nobody touched anything
        pass
    assert "this page goes on by itself" in looked.value.text()
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []
    page.route("**/microsoft/look/", lambda asked: asked.fulfill(headers={"HX-Redirect": at(mailbox, "test/")}))
    page.wait_for_url(f"**{at(mailbox, 'test/')}")
