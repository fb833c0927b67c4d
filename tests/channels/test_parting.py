"""Undoing a join: each has again what was theirs, and what came from their address since."""

import pytest

from evenhand.channels.models import Question
from evenhand.conversations.models import Conversation, Event, Link, Message
from evenhand.line.models import Turn
from evenhand.people.models import Account, Address, Joined, Person
from evenhand.surveys.models import Rating

from .post import arrive, write

pytestmark = pytest.mark.django_db
WORK, HOME = "mira@lumen.example", "robin@home.example"


@pytest.fixture
def desk(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def work(mailbox) -> Conversation:
    return arrive(write()).conversation


@pytest.fixture
def home(mailbox) -> Conversation:
    return arrive(write(sender=f"Robin <{HOME}>", subject="Toner")).conversation


def fresh(*all_: Conversation) -> None:
    for each in all_:
        each.refresh_from_db()


def join(desk, work) -> Joined:
    said = {"address": HOME, "reason": "Said so on the phone"}
    assert desk.post(f"/desk/c/{work.pk}/same-person", said).status_code == 302
    return Joined.objects.latest("pk")


def undo(desk, conversation, joined, reason="It was another Robin"):
    return desk.post(f"/desk/c/{conversation.pk}/undo-join", {"join": joined.pk, "reason": reason})


def test_each_has_again_what_was_theirs(desk, ada, work, home):
    accounts = (work.account_id, home.account_id)
    robin_since = home.person.created_at
    old = Link.of(home, home.person)
    Rating.give(home, home.person, 4)
    Rating.give(home, work.person, 2)  # both said something of the same conversation
    joined = join(desk, work)
    fresh(work, home)
    assert work.person == home.person
    assert "Undo the join" in desk.get(f"/desk/c/{work.pk}/").content.decode()
    assert undo(desk, work, joined).status_code == 302
    fresh(work, home)
    assert work.person != home.person
    assert (home.person.name, home.person.email, work.person.email) == ("Robin", HOME, WORK)
    assert home.person.created_at == robin_since
    assert (work.account_id, home.account_id) == (home.person.account_id and accounts[0], accounts[1])
    assert home.messages.get().person == home.person
    assert Link.open(old.token).person == home.person
    assert {each.person_id: each.score for each in Rating.objects.all()} == {home.person_id: 4, work.person_id: 2}
    assert set(Turn.objects.live().values_list("number", "account")) == {(work.pk, accounts[0]), (home.pk, accounts[1])}
    joined.refresh_from_db()
    assert (joined.parted_by, joined.parted_reason) == (ada, "It was another Robin")
    assert joined.parted_at
    assert Event.objects.filter(what="not the same person").count() == 2
    page = desk.get(f"/desk/c/{work.pk}/").content.decode()
    assert f"Ada Lovelace said that {HOME} is somebody else after all: It was another Robin" in page
    assert "Undo the join" not in page


def test_what_came_since_goes_to_whose_address_it_came_from(desk, work, home):
    joined = join(desk, work)
    new = arrive(write("A new one.", sender=HOME, subject="Paper")).conversation
    mine = arrive(write("Mine.", subject="Ink")).conversation
    asked = Conversation.start(new.person, new.team, "By the form", "x", channel="form")[0]
    Question.objects.create(once="1", email=HOME, subject="s", text="t", need="question", conversation=asked)
    arrive(write("And this.", sender=HOME, In_Reply_To=str(work.outgoing.get().rfc_id).join("<>")))
    arrive(write("From work.", In_Reply_To=str(home.outgoing.get().rfc_id).join("<>")))
    fresh(home)
    home.receive(home.person, "On the page.")
    undo(desk, home, joined)
    fresh(work, home, new, mine, asked)
    robin, mira = home.person, work.person
    assert robin.email == HOME
    assert [each.person for each in (new, asked, mine)] == [robin, robin, mira]
    assert new.account_id == robin.account_id
    said = {each.text.strip(): each.person for each in Message.objects.filter(kind="customer")}
    assert [said[text] for text in ("A new one.", "And this.", "On the page.")] == [robin] * 3
    assert [said[text] for text in ("Mine.", "From work.")] == [mira] * 2


def test_links_made_since_open_nothing_any_more(desk, work, home):
    before = Link.of(work, work.person)
    joined = join(desk, work)
    fresh(work, home)
    since = [Link.make(each, each.person) for each in (work, home)]  # each may have gone to either mailbox
    undo(desk, work, joined)
    assert [Link.open(each.token) for each in since] == [None, None]
    assert Link.open(before.token) is not None


def test_it_is_undone_once_with_a_reason_and_by_whom_it_concerns(desk, work, home, client):
    joined = join(desk, work)
    third = arrive(write(sender="third@other.example")).conversation
    assert undo(desk, work, joined, "").status_code == 400
    assert undo(desk, third, joined).status_code == 400
    assert Joined.objects.get().parted_at is None
    assert undo(desk, work, joined).status_code == 302
    again = undo(desk, work, joined)
    assert (again.status_code, "undone this already" in again.content.decode()) == (400, True)
    assert Person.objects.filter(addresses__email=HOME).count() == 1


def test_words_that_stand_in_one_conversation_are_not_torn_apart(desk, ada, work, home):
    joined = join(desk, work)
    fresh(work, home)
    home.merge(work, ada)
    refused = undo(desk, work, joined)
    assert (refused.status_code, f"#{home.pk} was merged into #{work.pk} since" in refused.content.decode()) == (
        400,
        True,
    )
    assert Address.objects.get(email=HOME).person == work.person


def test_joins_upon_joins_are_undone_in_any_order(desk, ada, work, home):
    first = join(desk, work)
    boss = arrive(write(sender="boss@big.example")).conversation
    desk.post(f"/desk/c/{boss.pk}/same-person", {"address": WORK, "reason": "One and the same"})
    second = Joined.objects.latest("pk")
    fresh(boss, work, home)
    assert boss.person == work.person == home.person
    assert undo(desk, boss, first).status_code == 302
    fresh(boss, work, home)
    assert boss.person == work.person != home.person
    assert undo(desk, boss, second).status_code == 302
    fresh(boss, work, home)
    assert len({boss.person_id, work.person_id, home.person_id}) == 3
    assert {each.email: each.person_id for each in Address.objects.all()} == {
        "boss@big.example": boss.person_id, WORK: work.person_id, HOME: home.person_id,
    }  # fmt: skip


def test_two_organisations_are_an_administrators(desk, ada, work, home):
    for account, name in ((work.account, "Lumen"), (home.account, "Home")):
        Account.objects.filter(pk=account.pk).update(name=name)
    ada.is_admin = True
    ada.save()
    at = f"/settings/people/{work.person_id}/merge"
    desk.post(at, {"email": HOME, "action": "merge"})
    joined = Joined.objects.get()
    assert "Ask an administrator" in undo(desk, work, joined).content.decode()
    assert HOME in desk.get(at).content.decode()
    assert desk.post(at, {"undo": joined.pk}).status_code == 302
    fresh(work, home)
    assert (work.person.account.name, home.person.account.name, home.account.name) == ("Lumen", "Home", "Home")
    assert "undone already" in desk.post(at, {"undo": joined.pk}, follow=True).content.decode()
