"""Signing in and the settings in a real browser."""

import pytest
from playwright.sync_api import expect

from evenhand.channels.models import Mailbox
from evenhand.people.models import Account, Person, SignInLink
from tests.browser import PHONE, axe


def readable(page) -> None:
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []


@pytest.mark.parametrize("path", ["/sign-in/", "/enter/{token}", "/enter/spent", "/account/inactive/"])
def test_the_doors_are_readable(visit, agent, path):
    readable(visit(None, path.format(token=SignInLink.make(agent)), forgive=("404",)))


@pytest.mark.parametrize(
    "path",
    [
        "/settings/promise/",
        "/settings/team/",
        "/settings/team/{agent}/",
        "/settings/teams/",
        "/settings/mailboxes/",
        "/settings/aliases/",
        "/settings/mailboxes/{mailbox}/",
        "/settings/mailboxes/{mailbox}/login/",
        "/settings/mailboxes/{mailbox}/test/",
        "/settings/organisations/",
        "/settings/organisations/{account}/",
        "/settings/people/{person}/merge",
        "/settings/programs/",
        "/account/",
        "/account/password/",
        "/account/keys/",
        "/account/keys/totp/activate/",
        "/account/keys/webauthn/",
        "/account/keys/webauthn/add/",
        "/sign-out/",
    ],
)
def test_the_settings_are_readable(visit, admin, agent, path):
    account = Account.objects.create(name="Calm Rooms")
    account.domains.create(domain="calm.example")
    person = Person.at("mira@calm.example", "Mira Lind")
    box = Mailbox.objects.create(address="help@desk.example", name="Help", team=agent.teams.get())
    named = {"agent": agent.pk, "account": account.pk, "person": person.pk, "mailbox": box.pk}
    readable(visit(admin, path.format(**named)))


def test_a_fresh_token_is_readable(visit, admin):
    page = visit(admin, "/settings/programs/")
    page.get_by_label("What is it for?").fill("Billing")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("status").get_by_text("evenhand_")).to_be_visible()
    readable(page)


def test_the_preview_follows_what_is_typed(visit, admin):
    page = visit(admin, "/settings/promise/")
    expect(page.get_by_role("heading", name="What it means")).to_be_visible()
    page.get_by_label("First reply, blocked").fill("5 min")
    page.get_by_label("First reply, blocked").blur()
    page.get_by_role("heading", name="What this would mean").wait_for()


def test_signing_in_by_a_link_without_javascript(visit, agent):
    page = visit(None, f"/enter/{SignInLink.make(agent, 'invitation')}", script=False)
    page.get_by_role("button", name="Begin").click()  # the first one of all is asked who they are
    assert page.get_by_role("heading", name="First steps").count() == 0  # for administrators
    page = visit(None, f"/enter/{SignInLink.make(agent, 'invitation')}", script=False)
    page.get_by_role("button", name="Join the team").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_a_passkey_is_added_and_then_signs_in(visit, agent, address):
    """With an authenticator that the browser plays; passkeys need a name and no number, so it is `localhost`."""
    host = address.replace("127.0.0.1", "localhost")
    page = visit(None, f"{host}/enter/{SignInLink.make(agent)}")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    authenticator = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    plays = authenticator | {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": plays})
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{host}/account/keys/webauthn/add/")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/add/" not in url)  # it is kept
    page.context.clear_cookies()
    page.goto(f"{host}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/**")
    page.goto(f"{host}/account/")
    expect(page.get_by_text("ada@desk.example")).to_be_visible()
