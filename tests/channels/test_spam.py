"""Spam: set aside where an agent looks, nothing deleted, learned from what agents say, and blind to who wrote."""

import random
import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from evenhand.channels import reader
from evenhand.channels.letter import Arrival, Letter
from evenhand.channels.models import Outgoing, SpamModel
from evenhand.channels.reading import Authentication, read_letter
from evenhand.channels.spam import corrected, examples
from evenhand.channels.spam.features import features, says_enough
from evenhand.channels.spam.learning import learn
from evenhand.channels.spam.model import _held
from evenhand.channels.spam.told import told
from evenhand.command import main
from evenhand.conversations.models import Conversation, Event, Judgement
from evenhand.line import taking
from evenhand.line.models import Turn

from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db
UNCHECKED = Authentication(None)
PILLS = "cheap pills casino winner lottery million dollars investment miracle loan viagra click here now guarantee prize cash"
DESK_WORDS = (
    "invoice printer login password export project customer error report screen update account browser since morning"
)
GLUE = "the and with for our your this that please from when not only have will can are was but more"


def prose(words: str, chance: random.Random) -> str:
    return " ".join(chance.choices(words.split(), k=25) + chance.choices(GLUE.split(), k=25))


def sample(words: str, chance: random.Random) -> frozenset[int]:
    return features(read_letter(write(prose(words, chance))), UNCHECKED)


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def learned(mailbox):
    """A desk that has learned."""
    chance = random.Random(7)
    spam, wanted = [sample(PILLS, chance) for _ in range(40)], [sample(DESK_WORDS, chance) for _ in range(120)]
    found = learn(spam, wanted)
    _held.clear()
    yield examples.keep(found)
    _held.clear()


def test_what_agents_called_spam_is_set_aside_and_what_they_answer_is_not(learned):
    chance = random.Random(8)
    assert (learned.caught, learned.wrong) == (1.0, 0.0)
    outcomes = {
        words: {arrive(write(prose(words, chance), sender=f"p{n}@x.example")).outcome for n in range(5)}
        for words in (PILLS, DESK_WORDS)
    }
    assert outcomes == {PILLS: {"quarantined"}, DESK_WORDS: {"stored"}}
    set_aside = Conversation.objects.filter(state="quarantined")
    assert {(each.spam, each.problem) for each in set_aside} == {(True, "It looks like what you called spam.")}
    assert not Turn.objects.live().filter(number__in=set_aside.values("pk")).exists()
    assert Outgoing.objects.count() == 5  # an acknowledgement would tell spammers that somebody reads


def test_too_little_is_learned_from_too_few():
    chance = random.Random(1)
    assert learn([sample(PILLS, chance)] * 19, [sample(DESK_WORDS, chance)] * 500) is None
    assert learn([sample(PILLS, chance)] * 500, [sample(DESK_WORDS, chance)] * 99) is None


def test_who_wrote_and_to_whom_is_no_feature():
    raw = write(PILLS, sender="Mira <mira@lumen.example>", date="Mon, 23 Nov 2026 08:00:00 +0000", message_id="<1@x>")
    other = raw.replace(b"Mira <mira@lumen.example>", b"Joe Big <joe@big.example>").replace(
        b"support@desk", b"sales@desk"
    )
    assert other != raw
    assert features(read_letter(raw), UNCHECKED) == features(read_letter(other), UNCHECKED)


def test_a_few_words_are_nothing_to_judge_by(learned):
    assert not says_enough(read_letter(write("cheap pills casino winner")))
    assert arrive(write("cheap pills casino winner")).outcome == "stored"


def test_whom_an_agent_answered_once_is_not_set_aside(learned, ada):
    known = arrive(write(DESK_WORDS)).conversation
    known.reply(ada, "Here you are.")
    assert arrive(write(PILLS * 2)).outcome == "stored"
    assert arrive(write(PILLS * 2, sender="eve@evil.example")).outcome == "quarantined"


def test_an_answer_in_a_conversation_is_never_set_aside(learned, mailbox):
    from evenhand.channels import token

    conversation = arrive(write(DESK_WORDS)).conversation
    assert arrive(write(PILLS * 2, to=token.reply_address(DESK, conversation.pk))).conversation == conversation


@pytest.mark.parametrize(
    ("header", "spam"),
    [
        ("X-Spam-Flag: YES", True), ("X-Spam-Flag: NO", False), ("X-Spam-Status: Yes, score=9.1 required=5.0", True), ("X-Spam-Status: No, score=1", False),
        ("X-MS-Exchange-Organization-SCL: 9", True), ("X-MS-Exchange-Organization-SCL: 1", False), ("X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:;SFV:SPM;", True),
        ("X-SES-Spam-Verdict: FAIL", True), ("X-SES-Spam-Verdict: PASS", False), ("X-Mailgun-Sflag: Yes", True), ("X-Rspamd-Action: add header", True),
        ("X-Proofpoint-Spam-Details: rule=notspam policy=default", False), ("X-Proofpoint-Spam-Details: rule=spam policy=default", True),
    ],
)  # fmt: skip
def test_what_mail_servers_write(header, spam):
    assert bool(told([tuple(header.split(": ", 1))])) is spam


@pytest.mark.parametrize(
    ("via", "peer", "outcome"),
    [("imap", "", "quarantined"), ("smtp", "10.0.0.9", "quarantined"), ("smtp", "46.0.0.9", "stored")],
)
def test_a_servers_word_counts_only_from_our_own(mailbox, settings, monkeypatch, via, peer, outcome):
    monkeypatch.setattr("evenhand.channels.lookups.ask", lambda *_: [])
    letter = Letter.keep_all([Arrival(b"X-Spam-Flag: YES\r\n" + write(), via, "", (DESK,), peer)])[0]
    reader.read_all()
    letter.refresh_from_db()
    assert letter.outcome == outcome
    assert letter.conversation.spam is (outcome == "quarantined")


def test_an_agent_says_spam_and_takes_it_back_as_if_nothing_had_been(mailbox, client, ada):
    conversation = arrive(write()).conversation
    conversation.refresh_from_db()
    waiting, due = conversation.waiting_since, conversation.due_at
    client.post(f"/desk/c/{conversation.pk}/spam")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.spam, conversation.waiting_since) == ("quarantined", True, None)
    assert taking.offer(ada) is None
    assert b"Printer" in client.get("/desk/spam/").content
    assert b"Printer" not in client.get("/desk/quarantined/").content
    page = client.get(f"/desk/c/{conversation.pk}/").content.decode()
    assert "Set aside as spam." in page
    assert "Ada Lovelace said that it is spam." in page
    client.post(f"/desk/c/{conversation.pk}/not-spam")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.spam) == ("open", False)
    assert (conversation.waiting_since, conversation.due_at) == (waiting, due)
    assert [each.what for each in Event.objects.filter(conversation=conversation)] == ["called spam", "called wanted"]
    assert (Judgement.objects.get().spam, Judgement.objects.get().agent) == (False, ada)


def test_what_the_machine_set_aside_waits_since_it_arrived(learned, client):
    conversation = arrive(write(PILLS * 2)).conversation
    Conversation.objects.filter(pk=conversation.pk).update(opened_at=timezone.now() - timedelta(hours=5))
    client.post(f"/desk/c/{conversation.pk}/not-spam")
    conversation.refresh_from_db()
    assert conversation.waiting_since == conversation.opened_at
    assert Judgement.objects.get().spam is False


@pytest.mark.parametrize("closed", [True, False])
def test_what_waited_for_nobody_waits_for_nobody_afterwards(mailbox, client, ada, closed):
    conversation = arrive(write()).conversation
    conversation.reply(ada, "No, thank you.", close=closed)
    client.post(f"/desk/c/{conversation.pk}/spam")
    client.post(f"/desk/c/{conversation.pk}/not-spam")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_since) == ("closed" if closed else "open", None)


@pytest.mark.django_db(transaction=True)
def test_corrections_are_learned_by_a_process_of_its_own(mailbox, ada, database_urls, monkeypatch, settings):
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_urls["desk"])
    chance = random.Random(3)
    for n in range(22):
        arrive(write(prose(PILLS, chance), sender=f"s{n}@x.example"), via="import").conversation.call_spam(ada)
    assert corrected.learn_if_corrected() is True
    assert SpamModel.objects.count() == 0  # nothing that is wanted is known yet
    for n in range(105):
        arrive(write(prose(DESK_WORDS, chance), sender=f"c{n}@x.example"), via="import").conversation.reply(ada, "Yes.")
    assert corrected.learn_if_corrected() is True
    model = SpamModel.latest()
    assert (model.spam, model.wanted) == (22, 105)
    assert corrected.learn_if_corrected() is False
    assert arrive(write(prose(PILLS, chance), sender="new@x.example")).outcome == "quarantined"
    said = CliRunner().invoke(main, ["mail", "learn"])
    assert said.output.startswith("Learned from 22 unwanted and 105 wanted letters.")


def test_what_reads_letters_never_loads_the_library_that_learns():
    code = (
        "import django; django.setup(); import evenhand.schedule, sys; from evenhand.channels.spam import judging, corrected;"
        " print('scipy' in sys.modules)"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "evenhand.settings", "EVENHAND_DATABASE_URL": "postgresql://n@127.0.0.1/n"}
    import os

    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False", done.stderr
