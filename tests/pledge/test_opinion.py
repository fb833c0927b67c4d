"""Do you agree or disagree? Counted honestly, read before it is shown, and kept from floods."""

import pytest
from django.test import Client

from evenhand.conversations.models import Conversation
from evenhand.line.models import Turn
from evenhand.parity.models import Opinion
from evenhand.people.models import Account, Person, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Support")


def say(client, **fields):
    return client.post("/pledge/say", {"agrees": "yes", **fields})


def test_it_is_counted_at_once_and_shown_when_read(client, team):
    answer = say(client, agrees="no", word="Those who pay more keep you alive.", name="Ines")
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "0 agree, 1 disagrees" in page
    assert "Thank you." in page
    assert "keep you alive" not in page
    Opinion.objects.update(state=Opinion.State.SHOWN)
    page = client.get("/pledge/").content.decode()
    assert "keep you alive" in page
    assert "Disagrees · Ines" in page


def test_words_are_shown_only_when_shown(client, team):
    for state in Opinion.State:
        Opinion.objects.create(agrees=True, word=f"in state {state.value}", state=state)
    page = client.get("/pledge/").content.decode()
    assert [state for state in Opinion.State.values if f"in state {state}" in page] == ["shown"]
    assert "3 agree, 0 disagree" in page  # all but spam


def test_it_arrives_as_a_conversation(client, team):
    say(client, word="Good.", name="Ines", email="Ines@Calm.example")
    conversation = Conversation.objects.get()
    assert (conversation.subject, conversation.channel, conversation.state) == (
        "Agrees with the pledge",
        "form",
        "open",
    )
    assert conversation.person.email == "ines@calm.example"
    assert conversation.messages.get().text == "Good.\n\nInes"
    assert Opinion.objects.get().conversation == conversation.pk
    assert Turn.objects.live().filter(number=conversation.number).exists()


def test_visitors_without_an_address_have_one_place_in_the_line(client, team):
    for word in ("One.", "Two."):
        say(client, word=word)
    assert Person.objects.get().email == ""
    assert Account.objects.get().name == "Visitors of the pledge page"
    assert Conversation.objects.filter(waiting_since__isnull=False).count() == 2


def test_a_bare_yes_waits_for_nobody(client, team):
    say(client)
    assert Conversation.objects.get().waiting_since is None


def test_pressed_twice_counts_once(client, team):
    for _ in range(2):
        assert say(client, once="abc").status_code == 302
    assert Opinion.objects.count() == 1


def test_what_could_not_be_kept_is_kept_when_it_is_sent_again(client, team, monkeypatch):
    client.raise_request_exception = False
    with monkeypatch.context() as away:
        away.setattr(Opinion.objects, "create", lambda **_: 1 / 0)
        assert say(client, once="abc").status_code == 500
    assert say(client, once="abc").status_code == 302
    assert Opinion.objects.count() == 1


def test_a_robot_is_not_counted_but_its_words_are_kept(client, team):
    say(client, word="Buy pills", company_fax="1")
    assert Opinion.counted() == (0, 0)
    assert Conversation.objects.get().state == "quarantined"


def test_a_flood_is_limited_and_no_word_is_lost(client, team):
    answers = [say(client, word=f"No {n}").status_code for n in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert Opinion.objects.count() == 5
    assert "My only word" in say(client, word="My only word").content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert say(elsewhere).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"agrees": ""}, {"agrees": "maybe"}, {"word": "x" * 1001}, {"email": "nobody"}, {"name": "a\nb"}]
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, team, wrong):
    answer = say(client, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Opinion.objects.exists()


def test_a_forged_form_is_refused(team):
    assert say(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Opinion.objects.exists()
