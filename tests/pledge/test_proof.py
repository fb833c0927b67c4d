"""What is published can be checked by whoever has it: the bundle, and a customer's own proof."""

import json

import pytest

from evenhand.audit import chain
from evenhand.audit.verify import verify
from evenhand.conversations.models import Conversation, Link
from evenhand.fairness.merkle import leaf_hash, proves
from evenhand.people.models import Person
from evenhand.web.pledge.statements import PUBLISHED

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_that_is_signed_is_published():
    assert set(PUBLISHED) == {*chain.SIGNED, "digest", "signature", "public_key"}


def test_published_statements_hold_and_a_customer_finds_theirs(client, measured):
    bundle = client.get("/pledge/statements.json").json()
    (found,) = verify(bundle)["statements"]
    assert found["recomputed"] == measured.verdict
    assert verify(client.get(f"/pledge/statements/{measured.pk}.json").json())["statements"] == [found]

    conversation = Conversation.objects.get(number=17)
    token = Link.of(conversation, conversation.person).token
    page = client.get(f"/pledge/proof/{token}")
    assert page["Cache-Control"] == "private, no-store"
    said = page.content.decode()
    assert "Your conversation was counted" in said
    assert "First reply: after" in said
    assert "dear" not in said
    assert "plain" not in said

    answer = client.get(f"/pledge/proof/{token}/{measured.pk}.json")
    assert "dear" not in answer.content.decode()
    proof = answer.json()
    (mine,) = proof["records"]
    leaf, path = leaf_hash(mine["record"].encode()), [bytes.fromhex(step) for step in mine["path"]]
    assert leaf.hex() == mine["leaf"]
    root = bytes.fromhex(measured.root)
    assert proof["statement"]["root"] == measured.root
    assert proves(leaf, mine["position"], proof["size"], path, root)
    changed = leaf_hash(mine["record"].replace('"opened":', '"opened":1').encode())
    assert not proves(changed, mine["position"], proof["size"], path, root)
    hours = json.loads(mine["record"])["hours"]["first reply"]
    waited = (conversation.first_replied_at - conversation.opened_at).total_seconds() / 3600
    assert hours == [round(waited, 1), True]

    stranger = Conversation.objects.get(number=18)
    other = Link.of(stranger, stranger.person)
    assert (
        client.get(f"/pledge/proof/{other.token}/{measured.pk}.json").json()["records"][0]["position"]
        != mine["position"]
    )


def test_a_conversation_that_was_not_counted(client, stated):
    from evenhand.people.models import Team

    person = Person.at("mira@calm.example", "Mira")
    conversation, _ = Conversation.start(person, Team.objects.create(name="Support"), "New", "New")
    token = Link.of(conversation, person).token
    assert "Not counted yet" in client.get(f"/pledge/proof/{token}").content.decode()
    assert client.get(f"/pledge/proof/{token}/{stated().pk}.json").status_code == 404


@pytest.mark.parametrize("token", ["0" * 64, "x", "a" * 32])
def test_a_link_that_opens_nothing(client, token):
    assert client.get(f"/pledge/proof/{token}").status_code == 404
    assert client.get(f"/pledge/proof/{token}/1.json").status_code == 404
