"""Several addresses: ours, which never write to one another, and one person's, which an agent joins."""

import pytest
from django.test import Client

from evenhand.channels import beginning, sending, token
from evenhand.channels.models import Alias, Mailbox, Outgoing, Question
from evenhand.conversations.models import Conversation, Event, Message
from evenhand.line.models import Turn
from evenhand.people.models import Account, Address, Agent, Joined, Person, Team

from .post import DESK, arrive, write
from .server import postbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def alias(mailbox):
    other = Mailbox.objects.create(address="sales@desk.example", name="Sales", team=Team.objects.create(name="Sales"))
    return Alias.objects.create(mailbox=other, address="shop@other.example")


def test_a_letter_to_an_alias_comes_to_its_mailbox(alias):
    assert arrive(write(), envelope_to=("Shop+x@Other.example",)).mailbox == alias.mailbox


def test_who_writes_from_an_alias_is_the_desk_itself(alias):
    assert arrive(write(sender=alias.address)).outcome == "quarantined"
    assert not Outgoing.objects.exists()


def test_reply_all_names_the_others_and_none_of_ours(alias, client, ada):
    letter = arrive(write(cc=f"joe@lumen.example, {alias.address}, sales@desk.example, {DESK}"))
    assert letter.message.cc == ["joe@lumen.example"]
    page = client.get(f"/desk/c/{letter.conversation_id}/").content.decode()
    assert "The letter also went to joe@lumen.example, which nothing verifies." in page
    letter.verified = True
    letter.save()
    page = client.get(f"/desk/c/{letter.conversation_id}/").content.decode()
    assert 'name="cc" value="joe@lumen.example"' in page
    assert "which nothing verifies" not in page


def test_whom_an_agent_wrote_to_gets_the_next_answer_too(mailbox, client, ada):
    conversation = arrive(write()).conversation
    conversation.reply(ada, "Hello both.", cc=["lawyer@other.example"])
    assert 'name="cc" value="lawyer@other.example"' in client.get(f"/desk/c/{conversation.pk}/").content.decode()


def test_the_desk_never_writes_to_itself(alias, client, ada):
    conversation = arrive(write()).conversation
    answer = client.post(f"/desk/c/{conversation.pk}/reply", {"words": "Hello.", "cc": "shop+1@other.example"})
    assert answer.status_code == 400
    assert "own address: it would write to itself" in answer.content.decode()
    message = conversation.reply(ada, "Hello.", cc=[alias.address, "joe@lumen.example"])
    sending.send_all()
    assert Outgoing.objects.get(message=message).to == ["mira@lumen.example", "joe@lumen.example"]
    with pytest.raises(ValueError, match="does not write to itself"):
        Outgoing.post("reply", [DESK], "s", "t")


def test_an_agent_says_that_two_addresses_are_one_person(mailbox, client, ada):
    work, home = arrive(write()).conversation, arrive(write(sender="mira@home.example", subject="Toner")).conversation
    said = {"address": "Mira@Home.example", "reason": "She said so on the phone"}
    assert client.post(f"/desk/c/{work.pk}/same-person", said).status_code == 302
    work.refresh_from_db()
    home.refresh_from_db()
    assert work.person == home.person
    assert set(work.person.addresses.values_list("email", flat=True)) == {"mira@lumen.example", "mira@home.example"}
    joined = Joined.objects.get()
    assert (joined.person, joined.addresses, joined.conversations) == (work.person, ["mira@home.example"], [home.pk])
    assert (joined.agent, joined.reason) == (ada, "She said so on the phone")
    assert Event.objects.get(conversation=work, what="same person").data["address"] == "mira@home.example"
    assert Turn.objects.live().values_list("account").distinct().count() == 1  # one place in the line
    to_work = token.reply_address(DESK, work.pk)
    assert arrive(write("From home.", sender="mira@home.example", to=to_work)).outcome == "stored"


def test_an_answer_goes_where_its_question_came_from(mailbox, client, ada, box):
    """However many addresses somebody has, and whichever is the newest."""
    work = arrive(write()).conversation
    home = arrive(write(sender="mira@home.example", subject="Toner")).conversation
    Question(once="1", email="mira@home.example", subject="Ink", text="Dry.", need="question").keep()
    beginning.begin_all()
    asked = Conversation.objects.latest("pk")
    client.post(f"/desk/c/{work.pk}/same-person", {"address": "mira@home.example", "reason": "Same"})
    sending.send_all()
    del box.to[:]

    def goes_to(conversation) -> list[str]:
        conversation.refresh_from_db()
        conversation.reply(ada, "Yes.")
        sending.send_all()
        return box.to[-1]

    assert goes_to(work) == ["mira@lumen.example"]
    assert goes_to(home) == goes_to(asked) == ["mira@home.example"]
    arrive(write("From home now.", sender="mira@home.example", to=token.reply_address(DESK, work.pk)))
    assert goes_to(work) == ["mira@home.example"]
    Address.came_back("mira@home.example")
    assert goes_to(home) == ["mira@lumen.example"]


def test_the_organisation_stays_whoever_is_named_first(mailbox, client):
    Account.objects.create(name="Lumen").domains.create(domain="lumen.example")
    home = arrive(write(sender="mira@home.example")).conversation
    arrive(write())
    client.post(f"/desk/c/{home.pk}/same-person", {"address": "mira@lumen.example", "reason": "Same"})
    home.refresh_from_db()
    assert (home.person.account.name, home.account.name) == ("Lumen", "Lumen")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mira@lumen.example", "theirs already"), ("nobody@lumen.example", "Nobody whom you know"), ("", "Nobody whom you know"),
        ("hidden@secret.example", "Nobody whom you know"), ("boss@two.example", "two organisations"),
    ],
)  # fmt: skip
def test_who_cannot_be_joined(mailbox, client, address, sentence):
    for name in ("lumen", "two"):
        Account.objects.create(name=name).domains.create(domain=f"{name}.example")
    conversation = arrive(write()).conversation
    arrive(write(sender="boss@two.example"))
    Conversation.start(Person.at("hidden@secret.example"), Team.objects.create(name="Elsewhere"), "s", "t")
    answer = client.post(f"/desk/c/{conversation.pk}/same-person", {"address": address, "reason": "x"})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Joined.objects.exists()


def test_why_has_to_be_said(mailbox, client):
    conversation = arrive(write()).conversation
    arrive(write(sender="mira@home.example"))
    assert client.post(f"/desk/c/{conversation.pk}/same-person", {"address": "mira@home.example"}).status_code == 400
    assert not Joined.objects.exists()


def test_several_domains_of_one_organisation_share_its_place(mailbox):
    lumen = Account.objects.create(name="Lumen")
    for domain in ("lumen.example", "lumen.test"):
        lumen.domains.create(domain=domain)
    conversation = arrive(write(sender="a@lumen.example")).conversation
    arrive(write(sender="b@lumen.test"))
    assert set(Turn.objects.live().values_list("account", flat=True)) == {lumen.pk}
    colleague = arrive(write("Me too.", sender="b@lumen.test", to=token.reply_address(DESK, conversation.pk)))
    assert (colleague.outcome, colleague.conversation) == ("stored", conversation)


def test_an_address_at_which_nobody_is_is_marked_and_said(mailbox, client, ada, settings):
    conversation = arrive(write()).conversation
    sending.send_all()
    with postbox() as box:
        settings.EVENHAND_OUTBOUND = box.url
        box.rcpt = ["550 5.1.1 No such user"]
        message = conversation.reply(ada, "Hello.")
        sending.send_all()
    assert Message.objects.get(pk=message.pk).failed_at
    assert Address.objects.get().bounced_at
    page = client.get(f"/desk/c/{conversation.pk}/").content.decode()
    assert "Letters to mira@lumen.example came back." in page
    arrive(write("I am here again."))
    assert Address.objects.get().bounced_at is None
    assert "came back." not in client.get(f"/desk/c/{conversation.pk}/").content.decode()


def test_who_is_not_wanted_is_still_there(mailbox, ada, settings):
    conversation = arrive(write()).conversation
    sending.send_all()
    with postbox() as box:
        settings.EVENHAND_OUTBOUND = box.url
        box.rcpt = ["550 5.7.1 Your server is not wanted"]
        conversation.reply(ada, "Hello.")
        sending.send_all()
    assert Address.objects.get().bounced_at is None


def test_administrators_keep_the_aliases(mailbox):
    boss = Agent.objects.create_user("boss@desk.example", name="Boss", is_admin=True)
    client = Client()
    client.force_login(boss)
    client.post("/settings/aliases/", {"address": "Help@Desk.example", "mailbox": mailbox.pk})
    assert Alias.objects.get().address == "help@desk.example"
    for known in ("help@desk.example", DESK):
        assert client.post("/settings/aliases/", {"address": known, "mailbox": mailbox.pk}).status_code == 422
    assert "help@desk.example" in client.get("/settings/aliases/").content.decode()
    client.post("/settings/aliases/", {"remove": "help@desk.example"})
    assert not Alias.objects.exists()
