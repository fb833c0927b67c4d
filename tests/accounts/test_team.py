import re

import pytest
from django.test import Client
from django.utils import timezone

from evenhand.channels.models import Mailbox, Outgoing
from evenhand.conversations.models import Conversation
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person, SignInLink, Team

pytestmark = pytest.mark.django_db


def given(team: Team, **other):
    return {"name": "Sora Watanabe", "email": "Sora@desk.example", "teams": [team.pk], "languages": "JA, en", "topics": "", "at_once": "4"} | other  # fmt: skip


def token_in_mail() -> str:
    raw = bytes(Outgoing.objects.latest("pk").raw).decode().replace("=\r\n", "")
    return re.search(r"/enter/([\w-]+)", raw)[1]


def test_an_invitation_is_mailed_and_opens_once(as_admin, team):
    assert as_admin.post("/settings/team/", given(team)).status_code == 302
    sora = Agent.objects.get(email="sora@desk.example")
    assert (sora.languages, sora.at_once, sora.is_admin) == (["en", "ja"], 4, False)
    assert list(sora.teams.all()) == [team]
    token = token_in_mail()
    assert token not in as_admin.get("/settings/team/").content.decode()
    browser = Client()
    assert "Welcome, Sora" in browser.get(f"/enter/{token}").content.decode()
    assert browser.post(f"/enter/{token}")["Location"] == "/account/"
    assert Client().post(f"/enter/{token}").status_code == 404


def test_inviting_again_voids_the_first_invitation(as_admin, team):
    as_admin.post("/settings/team/", given(team))
    first, sora = token_in_mail(), Agent.objects.get(email="sora@desk.example")
    as_admin.post(f"/settings/team/{sora.pk}/invite")
    assert SignInLink.look(first) is None
    assert SignInLink.look(token_in_mail()).agent == sora
    Agent.objects.filter(pk=sora.pk).update(last_login=timezone.now())
    assert as_admin.post(f"/settings/team/{sora.pk}/invite").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Customers see the name"),
        ("email", "ada@desk.example", "in the team already"),
        ("email", "x", "Enter a valid email address."),
        ("teams", [], "Choose at least one team"),
        ("at_once", "0", "greater than or equal to 1"),
        ("languages", "a-language-too-long", "at most 8 characters"),
    ],
)
def test_what_cannot_be_invited_is_told(as_admin, agent, team, field, value, sentence):
    answer = as_admin.post("/settings/team/", given(team, **{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Outgoing.objects.exists()


def test_leaving_hands_everything_back(as_admin, agent, team):
    held, _ = Conversation.start(Person.at("a@a.example"), team, "held", "?")
    Conversation.take_next(agent)
    answered, _ = Conversation.start(Person.at("b@b.example"), team, "answered", "?")
    answered.reply(agent, "An answer.")
    answered.receive(answered.person, "And then?")
    as_admin.post(f"/settings/team/{agent.pk}/leave")
    agent.refresh_from_db()
    assert not agent.is_active
    assert not Conversation.objects.filter(assignee=agent).exists()
    assert not Turn.objects.held().exists()
    assert set(Turn.objects.live().values_list("number", flat=True)) == {held.number, answered.number}
    assert not Turn.objects.live().filter(open_at__gt=timezone.now()).exists()


def test_the_last_administrator_stays_one(as_admin, admin, agent, team):
    form = given(team, name="Noor")
    assert as_admin.post(f"/settings/team/{admin.pk}/", form).status_code == 422
    as_admin.post(f"/settings/team/{admin.pk}/leave")
    admin.refresh_from_db()
    assert (admin.is_admin, admin.is_active) == (True, True)
    agent.set_role(is_admin=True)
    assert as_admin.post(f"/settings/team/{admin.pk}/", form).status_code == 302
    admin.refresh_from_db()
    assert not admin.is_admin


def test_skills_and_teams_are_changed(as_admin, agent, team):
    other = Team.objects.create(name="Billing")
    as_admin.post(f"/settings/team/{agent.pk}/", given(team, teams=[other.pk], topics="Billing, api"))
    agent.refresh_from_db()
    assert (list(agent.teams.all()), agent.topics, agent.email) == ([other], ["api", "billing"], "ada@desk.example")


def test_teams_are_added_and_renamed(as_admin, team):
    as_admin.post("/settings/teams/", {"name": "Billing"})
    as_admin.post(f"/settings/teams/{team.pk}/", {"name": "Care"})
    assert set(Team.objects.values_list("name", flat=True)) == {"Billing", "Care"}
    assert as_admin.post("/settings/teams/", {"name": "Care"}).status_code == 422


def test_mailboxes_are_added_and_changed(as_admin, team):
    box = {"address": "Help@desk.example", "name": "Help", "team": team.pk, "topic": "API"}
    assert as_admin.post("/settings/mailboxes/", box).status_code == 302
    made = Mailbox.objects.get(address="help@desk.example")
    assert (made.topic, made.team) == ("api", team)
    assert as_admin.post(f"/settings/mailboxes/{made.pk}/", box | {"name": "Helpers"}).status_code == 302
    assert as_admin.post("/settings/mailboxes/", box).status_code == 422
    for bad in ({"address": "no"}, {"name": ""}, {"name": "A\r\nBcc: x@x.example"}, {"team": "0"}):
        assert as_admin.post(f"/settings/mailboxes/{made.pk}/", box | bad).status_code == 422
    made.refresh_from_db()
    assert made.name == "Helpers"
