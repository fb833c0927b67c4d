import pytest
from django.test import Client

from evenhand.channels.models import Outgoing
from evenhand.people.models import SignInLink

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def come_in_by_link(agent) -> Client:
    browser = Client()
    browser.post(f"/enter/{SignInLink.make(agent)}")
    return browser


def test_a_new_password_ends_every_other_session_and_is_told_to_its_owner(agent, as_agent):
    browser = come_in_by_link(agent)
    pending = SignInLink.make(agent)
    assert signed_in(as_agent)
    assert browser.post("/account/password/", {"password": "quite another phrase"}).status_code == 302
    assert signed_in(browser)
    assert not signed_in(as_agent)
    assert SignInLink.look(pending) is None
    assert Outgoing.objects.get().to == ["ada@desk.example"]
    answer = Client().post("/sign-in/", {"login": agent.email, "password": "quite another phrase"})
    assert answer.status_code == 302


def test_whoever_has_not_just_proved_who_they_are_is_asked_to(as_agent):
    answer = as_agent.post("/account/password/", {"password": "quite another phrase"})
    assert answer["Location"].startswith("/account/confirm/")
    refused = as_agent.post("/account/confirm/", {"password": "wrong"})
    assert refused.status_code == 200


@pytest.mark.parametrize("password", ["", "short", "password123"])
def test_a_weak_password_is_refused_with_a_sentence(agent, password):
    answer = come_in_by_link(agent).post("/account/password/", {"password": password})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_sessions_end_with_the_role_and_with_leaving(agent, as_agent, admin, as_admin):
    agent.set_role(is_admin=True)
    assert not signed_in(as_agent)
    again = come_in_by_link(agent)
    assert again.get("/settings/team/").status_code == 200
    agent.set_role(is_admin=False)
    assert not signed_in(again)
    again = come_in_by_link(agent)
    as_admin.post(f"/settings/team/{agent.pk}/leave")
    assert not signed_in(again)
    as_admin.post(f"/settings/team/{agent.pk}/return")
    assert not signed_in(again)


def test_signing_out_everywhere_else(agent, as_agent):
    here = come_in_by_link(agent)
    here.post("/account/everywhere/")
    assert signed_in(here)
    assert not signed_in(as_agent)


def test_signing_out_needs_a_press(as_agent):
    as_agent.get("/sign-out/")
    assert signed_in(as_agent)
    as_agent.post("/sign-out/")
    assert not signed_in(as_agent)


def test_rights_cannot_be_given_to_oneself(agent, as_agent):
    as_agent.post(
        "/account/", {"name": "Ada", "is_admin": "on", "is_active": "", "email": "x@x.example", "at_once": "500"}
    )
    agent.refresh_from_db()
    assert (agent.name, agent.is_admin, agent.is_active, agent.email, agent.at_once) == (
        "Ada",
        False,
        True,
        "ada@desk.example",
        5,
    )
