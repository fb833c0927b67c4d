"""The first hour of a desk: who sets it up says who they are, and is led on."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from evenhand.channels.models import Mailbox
from evenhand.conversations.models import Conversation
from evenhand.people.models import Account, Agent, Person, SignInLink
from evenhand.promise.models import Promise
from tests.browser import PHONE, axe

pytestmark = pytest.mark.django_db
ME = {"name": "Noor Karimi", "email": "Noor@Desk.example"}


@pytest.fixture
def link(team) -> str:
    """As `evenhand agent add --first` makes it."""
    return (
        f"/enter/{SignInLink.make(Agent.invite('admin@localhost', 'Administrator', team, is_admin=True), 'invitation')}"
    )


def steps(client) -> dict[str, bool]:
    page = client.get("/desk/").content.decode()
    names = ("Connect your mailbox", "Say what you promise", "Invite your team", "Choose how you sign in")
    return {name: f"{name}</a><span" in page for name in names if name in page}


def test_the_first_one_says_who_they_are(browser, link):
    page = browser.get(link).content.decode()
    assert "Welcome to your desk" in page
    assert "admin@localhost" not in page
    assert browser.post(link, ME)["Location"] == "/desk/"
    assert Agent.objects.values_list("name", "email").get() == ("Noor Karimi", "noor@desk.example")
    assert browser.get("/desk/").status_code == 200


def test_the_links_of_other_starts_open_nothing_once_somebody_is_in(browser, link, team):
    other = Agent.objects.get()
    again = f"/enter/{SignInLink.make(other, 'invitation')}"  # `evenhand up` logs one at each start until then
    assert browser.post(again, ME).status_code == 302
    for address in (link, again):
        assert Client().get(address).status_code == 404
        assert Client().post(address, ME | {"email": "mallory@desk.example"}).status_code == 404
    assert Agent.objects.get().email == "noor@desk.example"


def test_a_mistake_does_not_use_the_link_up(browser, link):
    answer = browser.post(link, {"name": "Noor", "email": "noor"})
    assert answer.status_code == 422
    assert "It looks like name@example.org" in answer.content.decode()
    assert browser.post(link, ME).status_code == 302


def test_whoever_comes_later_is_welcomed_and_asked_nothing(browser, link, as_admin, agent):
    later = f"/enter/{SignInLink.make(agent, 'invitation')}"
    assert "Welcome, Ada" in browser.get(later).content.decode()
    assert browser.post(later, ME)["Location"] == "/account/"
    agent.refresh_from_db()
    assert (agent.name, agent.email) == ("Ada Okafor", "ada@desk.example")


def test_the_steps_are_ticked_off_and_go_with_the_first_answer(as_admin, admin, team, settings):
    assert steps(as_admin) == {
        "Connect your mailbox": False, "Say what you promise": False, "Invite your team": False, "Choose how you sign in": False,
    }  # fmt: skip
    settings.EVENHAND_OUTBOUND = "smtp://localhost"
    Mailbox.default().logins.create(way="imap", host="mail.desk.example", port=993, user="help")
    assert steps(as_admin)["Connect your mailbox"]
    Promise.objects.create(made_by=admin)
    assert steps(as_admin)["Say what you promise"]
    Agent.objects.create_user("tomas@desk.example", name="Tomas")
    assert steps(as_admin)["Invite your team"]
    admin.set_password("a long pass phrase")
    admin.save()
    as_admin.force_login(admin)
    assert steps(as_admin)["Choose how you sign in"]
    person = Person.objects.create(name="Mira", account=Account.objects.create(name="Lumen"))
    Conversation.start(person, team, "Hello", "Hello")[0].reply(admin, "Hello!")
    Conversation.objects.update(state="closed")
    assert steps(as_admin) == {}


def test_an_agent_is_shown_no_steps(as_agent, link):
    assert steps(as_agent) == {}


def test_the_first_page_is_for_everyone(visit, link):
    page = visit(None, link)
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    page.get_by_label("Your name").fill("Noor Karimi")
    page.get_by_label("Mail address").fill("noor@desk.example")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="First steps").wait_for()


def test_the_steps_are_for_everyone(visit, link, admin):
    page = visit(admin, "/desk/")
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    assert axe(page) == []
    page.get_by_role("link", name="Connect your mailbox").click()
    page.get_by_role("heading", name="Mailboxes").wait_for()


def test_the_first_address_takes_the_place_of_the_one_that_nobody_can_write_to(as_admin, team, settings):
    settings.EVENHAND_ADDRESS = "support@localhost"
    assert Mailbox.default().is_nowhere
    assert "takes its place" in as_admin.get("/settings/mailboxes/").content.decode()
    box = {"address": "help@desk.example", "name": "Desk", "team": team.pk, "topic": ""}
    assert as_admin.post("/settings/mailboxes/", box | {"address": "help"}).status_code == 422
    assert Mailbox.objects.get().address == "support@localhost"
    assert as_admin.post("/settings/mailboxes/", box).status_code == 302
    assert Mailbox.objects.get().address == "help@desk.example"
    assert as_admin.post("/settings/mailboxes/", box | {"address": "sales@desk.example"}).status_code == 302
    assert Mailbox.default().address == "help@desk.example"
    assert Mailbox.objects.count() == 2
