import pytest

from evenhand.conversations.models import Conversation, Link, Message
from evenhand.line.models import Turn
from evenhand.people.models import Account, Address, Person
from evenhand.surveys.models import Rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def calm(db) -> Account:
    return Account.objects.create(name="Calm Rooms")


def test_an_organisation_is_made_named_and_found(as_admin, calm):
    as_admin.post("/settings/organisations/", {"name": "Stern & Söhne"})
    stern = Account.objects.get(name="Stern & Söhne")
    as_admin.post(f"/settings/organisations/{stern.pk}/domains", {"domain": "@Stern.example"})
    assert Account.at_domain("stern.example") == stern
    found = as_admin.get("/settings/organisations/?q=stern.ex").content.decode()
    assert "Stern &amp; Söhne" in found
    assert "Calm Rooms" not in found
    as_admin.post(f"/settings/organisations/{stern.pk}/domains", {"remove": "stern.example"})
    assert Account.at_domain("stern.example") is None


@pytest.mark.parametrize(
    "domain", ["", "gmail.com", "no dots", "a@b.example", "x.example/y", "taken.example", "-.example"]
)
def test_what_is_no_domain_of_an_organisation_is_told_so(as_admin, calm, domain):
    Account.objects.create(name="Other").domains.create(domain="taken.example")
    answer = as_admin.post(f"/settings/organisations/{calm.pk}/domains", {"domain": domain})
    assert answer.status_code == 422
    assert not calm.domains.exists()


def test_those_who_stood_alone_are_brought_in_and_wait_since_the_same_moment(as_admin, team, calm):
    lina, otto = Person.at("lina@calm.example"), Person.at("otto@calm.example")
    waiting, _ = Conversation.start(lina, team, "q", "?")
    done, _ = Conversation.start(otto, team, "q", "?")
    done.close(person=otto)
    alone, since = otto.account, Turn.objects.live().get(number=waiting.number).waiting_since
    calm.domains.create(domain="calm.example")
    assert "2 people write" in as_admin.get(f"/settings/organisations/{calm.pk}/").content.decode()
    as_admin.post(f"/settings/organisations/{calm.pk}/people")
    lina.refresh_from_db()
    otto.refresh_from_db()
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert lina.account == otto.account == waiting.account == calm
    assert done.account == alone  # history stays where it was asked
    turn = Turn.objects.live().get(number=waiting.number)
    assert (turn.account, turn.waiting_since) == (calm, since)


def test_people_of_another_organisation_are_not_taken(as_admin, calm):
    other = Account.objects.create(name="Other")
    other.domains.create(domain="shared.example")
    person = Person.at("p@shared.example")
    other.domains.all().delete()
    calm.domains.create(domain="shared.example")
    as_admin.post(f"/settings/organisations/{calm.pk}/people")
    person.refresh_from_db()
    assert person.account == other


def test_two_records_become_one_after_asking_twice(as_admin, team, calm):
    calm.domains.create(domain="calm.example")
    mira, other = Person.at("mira@calm.example", "Mira"), Person.at("mira@home.example", "M. L.")
    hers, _ = Conversation.start(mira, team, "one", "one")
    theirs, _ = Conversation.start(other, team, "two", "two")
    link = Link.of(theirs, other)
    Rating.give(hers, mira, 5)
    Rating.give(hers, other, 1)
    Rating.give(theirs, other, 4)
    at = f"/settings/people/{mira.pk}/merge"
    asked = as_admin.post(at, {"email": "mira@home.example"})
    assert "It can be undone here." in asked.content.decode()
    assert Person.objects.filter(pk=other.pk).exists()
    as_admin.post(at, {"email": "mira@home.example", "action": "merge"})
    assert not Person.objects.filter(pk=other.pk).exists()
    assert set(Address.objects.filter(person=mira).values_list("email", flat=True)) == {
        "mira@calm.example",
        "mira@home.example",
    }
    theirs.refresh_from_db()
    assert (theirs.person, theirs.account) == (mira, calm)
    assert Message.objects.get(conversation=theirs).person == mira
    assert Link.open(link.token).person == mira
    assert sorted(Rating.objects.filter(person=mira).values_list("score", flat=True)) == [4, 5]
    assert Turn.objects.live().get(number=theirs.number).account == calm


@pytest.mark.parametrize("email", ["", "x", "nobody@calm.example", "mira@calm.example"])
def test_nobody_is_merged_with_nobody(as_admin, email):
    mira = Person.at("mira@calm.example")
    answer = as_admin.post(f"/settings/people/{mira.pk}/merge", {"email": email, "action": "merge"})
    assert answer.status_code == 422
    assert Person.objects.filter(pk=mira.pk).exists()


def test_these_pages_know_no_price(as_admin, calm):
    import re

    person = Person.at("p@calm.example")
    paths = [
        "promise/",
        "team/",
        "mailboxes/",
        "organisations/",
        f"organisations/{calm.pk}/",
        f"people/{person.pk}/merge",
    ]
    for path in paths:
        words = re.sub(r"What it pays is not shown here\.", "", as_admin.get(f"/settings/{path}").content.decode())
        assert not re.search(r"\b(plan|tier|spend|revenue|vip|mrr|price|premium)\b", words, re.IGNORECASE), path
