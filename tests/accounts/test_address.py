"""The address an agent signs in with, and how it changes."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from evenhand.channels.models import Outgoing
from evenhand.people.models import SignInLink
from evenhand.web.accounts import address
from evenhand.web.accounts.address import SALT

pytestmark = pytest.mark.django_db
NEW = "ada@new.example"


@pytest.fixture
def ada(browser, agent) -> Client:
    """Signed in just now, by a link."""
    browser.post(f"/enter/{SignInLink.make(agent)}")
    return browser


def letter(nth: int = 0) -> tuple[list[str], str]:
    sent = Outgoing.objects.order_by("-pk")[nth]
    return sent.to, bytes(sent.raw).decode().replace("=\r\n", "").replace("=3D", "=")


def asked(ada: Client, email: str = NEW) -> str:
    assert ada.post("/account/address/", {"email": email})["Location"] == "/account/"
    to, text = letter()
    assert to == [email.lower()]
    return re.search(r"(/account/address/[^/\s]+/)", text)[1]


def test_it_changes_when_the_mailed_link_is_opened_and_the_old_one_is_told(ada, agent):
    link = asked(ada, "Ada@New.example")
    assert f"Sign in as {NEW}?" in ada.get(link).content.decode()
    agent.refresh_from_db()
    assert agent.email == "ada@desk.example"
    assert ada.post(link, follow=True).context is not False
    agent.refresh_from_db()
    assert agent.email == NEW
    to, text = letter()
    assert to == ["ada@desk.example"]
    assert NEW in text
    assert ada.get("/account/").status_code == 200  # still signed in


def test_a_used_an_old_a_foreign_and_a_forged_link_are_nothing(ada, agent, as_admin, monkeypatch):
    link = asked(ada)
    assert as_admin.post(link).status_code == 404
    assert Client().post(link).status_code == 302  # to sign in
    assert ada.post(link[:-3] + "xx/").status_code == 404
    monkeypatch.setattr("time.time", lambda: (timezone.now() + timedelta(days=2)).timestamp())
    assert ada.post(link).status_code in (302, 404)
    monkeypatch.undo()
    assert ada.post(link).status_code == 302
    assert ada.post(link).status_code == 404
    agent.refresh_from_db()
    assert agent.email == NEW


def test_no_two_agents_have_one_address(ada, agent, admin):
    for email, why in ((admin.email.upper(), "colleague"), (agent.email, "already"), ("ada", "name@example.org")):
        answer = ada.post("/account/address/", {"email": email})
        assert answer.status_code == 422
        assert why in answer.content.decode()
    link = asked(ada)
    admin.email = NEW
    admin.save()
    assert "Nothing has changed" in ada.post(link, follow=True).content.decode()
    agent.refresh_from_db()
    assert agent.email == "ada@desk.example"


def test_a_colleague_who_is_quicker_keeps_the_address(ada, agent, admin, monkeypatch):
    link = asked(ada)
    told = Outgoing.objects.count()

    def quicker(email, _agent):
        type(admin).objects.filter(pk=admin.pk).update(email=email)  # between the look and the change
        return email

    monkeypatch.setattr(address, "free", quicker)
    assert "Nothing has changed. A colleague has" in ada.post(link, follow=True).content.decode()
    agent.refresh_from_db()
    assert (agent.email, Outgoing.objects.count()) == ("ada@desk.example", told)


def test_links_that_went_to_the_old_address_open_nothing(ada, agent):
    for purpose in ("sign-in", "invitation"):
        before = SignInLink.make(agent, purpose)
        link = asked(ada, f"{purpose}@new.example")
        assert ada.post(link).status_code == 302
        assert Client().post(f"/enter/{before}").status_code == 404
        agent.refresh_from_db()


def test_whoever_finds_the_desk_open_has_to_prove_themselves(agent):
    stranger = Client()
    stranger.force_login(agent)
    assert "/account/confirm/" in stranger.post("/account/address/", {"email": NEW})["Location"]
    assert not Outgoing.objects.exists()


def test_it_is_asked_for_a_few_times_a_day(ada):
    for _ in range(5):
        asked(ada)
    assert ada.post("/account/address/", {"email": NEW}).status_code == 429


def test_a_token_of_another_purpose_is_none(ada, agent):
    token = signing.dumps([agent.pk, agent.email, NEW], salt=SALT + ".x")
    assert ada.post(f"/account/address/{token}/").status_code == 404
