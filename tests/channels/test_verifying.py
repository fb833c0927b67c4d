"""Whether a letter is from whom it says, and what follows. Attacks 1, 2, 4, 5 and 7 of docs/attacks.md.

Signed letters, a name server of our own, and letters as they come by SMTP from a public address.
"""

from email.utils import parseaddr

import pytest
from django.test import Client

from evenhand.channels import lookups, reader, token
from evenhand.channels.letter import Arrival
from evenhand.channels.models import Letter, Outgoing
from evenhand.conversations.models import Conversation, Event, Message, Suggestion
from evenhand.env import Address
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Team

from .names import known, names, signed
from .post import DESK, write

pytestmark = pytest.mark.django_db
THEIRS, ELSEWHERE = "45.0.0.7", "46.0.0.9"  # the server of lumen.example; anybody's (never connected to, but public)
FORWARDED = """\
Please see below.

---------- Forwarded message ---------
From: Mira Lind <mira@lumen.example>
Date: Mon, 23 Nov 2026 at 08:00
Subject: Printer
To: <ada@desk.example>

My printer is on fire.
"""


@pytest.fixture
def server(settings):
    with names() as server:
        server.records = known("lumen.example") | known("desk.example")
        settings.EVENHAND_RESOLVER = Address(*server.server_address)
        lookups.resolver.cache_clear()
        yield server
    lookups.resolver.cache_clear()


def bring(raw: bytes, peer: str = ELSEWHERE, mail_from: str = "x@elsewhere.example", via: str = "smtp", to: str = DESK):
    """A letter by SMTP from a server of that address, read."""
    letter = Letter.keep_all([Arrival(raw, via, mail_from, (to,), peer, "mx.example")])[0]
    reader.read_all()
    letter.refresh_from_db()
    return letter


def verdict(letter: Letter) -> tuple[bool | None, str, str, str]:
    return letter.verified, letter.spf, letter.dkim, letter.dmarc


def page_of(letter: Letter, agent: Agent) -> str:
    client = Client()
    client.force_login(agent)
    return client.get(f"/desk/c/{letter.conversation_id}/").content.decode()


def test_a_valid_signature_verifies(mailbox, server):
    assert verdict(bring(signed(write(), "lumen.example"))) == (True, "none", "pass", "pass")


def test_a_server_of_theirs_verifies(mailbox, server):
    assert verdict(bring(write(), THEIRS, "mira@lumen.example")) == (True, "pass", "none", "pass")


def test_what_fails_dmarc_is_shown_as_not_verified_and_gets_no_automatic_answer(mailbox, server, ada):
    letter = bring(write(), mail_from="mira@lumen.example")
    assert verdict(letter) == (False, "fail", "none", "fail")
    assert letter.outcome == "stored"
    assert 'class="late-text fine unverified" title="lumen.example says that all its mail' in page_of(letter, ada)
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("change", [(b"on fire", b"all right"), (b"Subject: Printer", b"Subject: Invoice")])
def test_what_was_changed_on_its_way_is_not_verified(mailbox, server, change):
    raw = signed(write(), "lumen.example")
    assert change[0] in raw
    assert bring(raw.replace(*change)).verified is False


def test_a_stranger_to_dmarc_is_neither(mailbox, server, ada):
    letter = bring(write(sender="eve@evil.example"))
    assert verdict(letter) == (None, "none", "none", "none")
    assert "not verified" not in page_of(letter, ada)


def test_a_name_server_that_does_not_answer_verifies_nothing_and_holds_up_nobody(mailbox, server, monkeypatch):
    monkeypatch.setattr(lookups, "PATIENCE", 0.2)
    server.silent = {"_dmarc.lumen.example."}
    letter = bring(write(), mail_from="")
    assert (letter.verified, letter.verdict) == (None, "The name server did not answer, so it could not be checked.")


def test_one_networks_unanswered_names_cost_everyone_only_so_much(mailbox, server, monkeypatch):
    from evenhand.channels import verifying

    monkeypatch.setattr(lookups, "PATIENCE", 0.2)
    monkeypatch.setattr(verifying, "UNANSWERED", 0.3)
    monkeypatch.setattr(verifying, "_waited", {})
    server.silent = {f"_dmarc.dead{n}.example." for n in range(10)}
    for n in range(10):
        bring(write(sender=f"a@dead{n}.example"), mail_from="")
    asked = {each for each in server.asked if each in server.silent}
    assert 1 <= len(asked) <= 4


def test_a_letter_that_came_through_our_own_server_is_not_refuted_for_lack_of_a_signature(mailbox, server):
    assert bring(write(), "127.0.0.1").verified is None
    assert server.asked == []  # nothing to ask about
    assert bring(signed(write("Signed."), "lumen.example"), "10.0.0.9").verified is True


TOLD = b"Authentication-Results: mx.desk.example; dmarc=%s header.from=lumen.example\r\n"


@pytest.mark.parametrize(("said", "expected"), [(b"pass", True), (b"fail", False)])
def test_our_own_servers_word_counts_where_it_cannot_be_somebody_elses(mailbox, server, settings, said, expected):
    settings.EVENHAND_AUTHSERV_ID = "mx.desk.example"
    assert bring(TOLD % said + write("By IMAP."), "", via="imap").verified is expected
    assert bring(TOLD % said + write("By our relay."), "10.0.0.9").verified is expected
    assert bring(TOLD % said + write("Straight from outside.")).verified is False  # checked here: it fails


def test_a_relay_at_a_public_address_is_ours_if_it_is_named(mailbox, server, settings):
    from ipaddress import ip_network

    settings.EVENHAND_AUTHSERV_ID = "mx.desk.example"
    settings.EVENHAND_RELAYS = [ip_network("46.0.0.0/24")]
    assert bring(TOLD % b"pass" + write()).verified is True


def test_an_archive_asks_nobody(mailbox, server):
    assert bring(signed(write(), "lumen.example"), "", via="import").verified is None
    assert server.asked == []


def test_who_claims_to_work_here_is_not_verified_unless_it_is(mailbox, server, ada):
    """CVE-2026-47123: an agent's address in From, from anywhere."""
    server.records = {}  # our own domain says nothing in its DNS
    letter = bring(write(sender="Boss <boss@desk.example>"))
    assert letter.verified is False
    assert "where we work ourselves" in letter.verdict
    assert "not verified" in page_of(letter, ada)


def test_a_verified_agent_writes_a_note_and_never_an_answer(mailbox, server, ada):
    conversation = bring(write()).conversation
    raw = write("Ask for the model.", sender=f"Ada <{ada.email}>", to=token.reply_address(DESK, conversation.pk))
    forged = bring(raw)
    assert (forged.outcome, forged.message.agent, forged.message.kind) == ("quarantined", None, "note")
    letter = bring(signed(raw.replace(b"Ask", b"Please ask"), "desk.example"))
    assert (letter.outcome, letter.message.agent, letter.message.kind) == ("stored", ada, "note")
    assert not Message.objects.filter(kind="agent").exists()
    assert not Outgoing.objects.filter(kind="reply").exists()


@pytest.mark.parametrize("gone", ["team", "agent"])
def test_an_agent_who_lost_access_is_refused_by_mail_too(mailbox, server, ada, gone):
    conversation = bring(write()).conversation
    if gone == "team":
        ada.teams.set([Team.objects.create(name="Elsewhere")])
    else:
        ada.deactivate()
    raw = write("I close this.", sender=f"Ada <{ada.email}>", to=token.reply_address(DESK, conversation.pk))
    letter = bring(signed(raw, "desk.example"))
    assert (letter.outcome, letter.message.agent, letter.message.kind) == ("quarantined", None, "note")


def test_what_a_verified_agent_passes_on_is_the_customers_question(mailbox, server, ada):
    letter = bring(signed(write(FORWARDED, sender=f"Ada <{ada.email}>", subject="Fwd: Printer"), "desk.example"))
    conversation = letter.conversation
    assert (conversation.person.email, conversation.person.name) == ("mira@lumen.example", "Mira Lind")
    assert (conversation.subject, conversation.state) == ("Printer", "open")
    assert letter.message.text == "My printer is on fire."
    note = conversation.messages.get(kind="note")
    assert (note.agent, note.text) == (ada, "Please see below.")
    assert Turn.objects.live().get(number=conversation.pk).account_id == conversation.person.account_id
    assert Event.objects.get(conversation=conversation, what="passed on").agent == ada
    assert "passed this on for mira@lumen.example" in page_of(letter, ada)
    assert not Outgoing.objects.exists()  # the customer wrote to somebody else; nobody is told by a machine


def test_a_letter_that_is_attached_is_passed_on_as_well(mailbox, server, ada):
    from email.message import EmailMessage
    from email.policy import SMTP

    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = f"Ada <{ada.email}>", DESK, "Fwd: Printer"
    letter.set_content("This one, please.")
    inside = EmailMessage(policy=SMTP)
    inside["From"], inside["Subject"] = "Mira <mira@lumen.example>", "Printer"
    inside.set_content("My printer is on fire.")
    letter.add_attachment(inside)
    found = bring(signed(letter.as_bytes(), "desk.example"))
    assert found.conversation.person.email == "mira@lumen.example"
    assert found.message.text.strip() == "My printer is on fire."


def saved_by_outlook(sender: str) -> bytes:
    """An agent's letter with the customer's attached to it as Outlook saves it."""
    from email.message import EmailMessage
    from email.policy import SMTP

    from tests.reading.outlook_file import compound, file
    from tests.reading.outlook_file import letter as saved

    inside = saved(
        p0037="RE: Printer", p0c1a="Mira Lind", p5d01="mira@lumen.example", p1000="My printer is on fire.",
        files=[file("fire.jpg", b"\xff\xd8\xff fire", "image/jpeg")],
    )  # fmt: skip
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, DESK, "Printer"
    letter.set_content("This one, please.")
    kind = {"maintype": "application", "subtype": "octet-stream", "filename": "Printer.msg"}
    letter.add_attachment(compound(inside), **kind)
    return letter.as_bytes()


def test_a_letter_that_outlook_saved_is_passed_on_with_its_files(mailbox, server, ada):
    found = bring(signed(saved_by_outlook(f"Ada <{ada.email}>"), "desk.example"))
    conversation = found.conversation
    assert (conversation.person.email, conversation.person.name) == ("mira@lumen.example", "Mira Lind")
    assert (conversation.subject, found.message.text) == ("Printer", "My printer is on fire.")
    assert {each.name for each in found.message.attachments.all()} == {"Printer.msg", "fire.jpg"}
    assert conversation.messages.get(kind="note").text == "This one, please."


def test_a_letter_that_outlook_saved_names_nobody_when_its_bringer_is_not_verified(mailbox, server, ada):
    found = bring(saved_by_outlook(f"Ada <{ada.email}>"))
    assert found.conversation.person.email == ada.email
    assert Suggestion.objects.get(conversation=found.conversation).address == "mira@lumen.example"
    stranger = bring(saved_by_outlook("Eve <eve@elsewhere.example>"))
    assert stranger.conversation.person.email == "eve@elsewhere.example"
    assert not Suggestion.objects.filter(conversation=stranger.conversation, kind="requester").exists()


def test_what_an_unverified_agent_passes_on_is_a_question_to_an_agent(mailbox, server, ada):
    letter = bring(write(FORWARDED, sender=f"Ada <{ada.email}>", subject="Fwd: Printer"))
    conversation = letter.conversation
    assert conversation.person.email == ada.email
    asked = Suggestion.objects.get(conversation=conversation)
    assert (asked.kind, asked.address) == ("requester", "mira@lumen.example")
    assert "one of you passed it on for Mira Lind &lt;mira@lumen.example&gt;" in page_of(letter, ada)
    client = Client()
    client.force_login(ada)
    client.post(f"/desk/c/{conversation.pk}/suggestion", {"suggestion": asked.pk, "answer": "yes"})
    conversation = Conversation.objects.get(pk=conversation.pk)
    assert conversation.person.email == "mira@lumen.example"
    assert conversation.messages.get(kind="customer").person == conversation.person
    assert Turn.objects.live().get(number=conversation.pk).account_id == conversation.person.account_id
    assert conversation.links.filter(revoked_at=None, person__addresses__email=ada.email).count() == 0


def test_a_customer_who_passes_something_on_stays_the_one_who_asks(mailbox, server, ada):
    letter = bring(signed(write(FORWARDED, sender="joe@lumen.example", subject="Fwd: Printer"), "lumen.example"))
    assert letter.conversation.person.email == "joe@lumen.example"
    assert not Suggestion.objects.exists()


def test_answers_that_shall_go_elsewhere_are_shown(mailbox, server, ada):
    letter = bring(write(reply_to="mira@evil.example"))
    assert letter.reply_to == "mira@evil.example"
    assert "asks answers to go to mira@evil.example" in page_of(letter, ada)
    assert letter.conversation.person.email == "mira@lumen.example"


def through_a_group(writer: str, **more: str) -> bytes:
    """A letter to a group that is the support address, of a sender in whose name the group may not send."""
    name, address = parseaddr(writer)
    headers = f"List-ID: <{DESK.replace('@', '.')}>\nPrecedence: list\nX-Original-Sender: {address}\nX-Original-From: {writer}\n"
    return headers.encode() + write(sender=f"\"'{name}' via Support\" <{DESK}>", **more)


def test_what_came_through_a_group_of_ours_is_its_writers(mailbox, server):
    letter = bring(signed(through_a_group("Kim Lee <kim@strict.example>"), "desk.example"))
    person = letter.conversation.person
    assert (letter.outcome, person.email, person.name) == ("stored", "kim@strict.example", "Kim Lee")
    assert (letter.sender, letter.verified) == ("kim@strict.example", None)
    assert letter.verdict.startswith(f"It came through {DESK}")
    answer = through_a_group(
        "Kim Lee <kim@strict.example>", body="More.", to=token.reply_address(DESK, letter.conversation_id)
    )
    again = bring(signed(answer, "desk.example"))
    assert (again.outcome, again.conversation) == ("stored", letter.conversation)


def test_nobody_else_writes_in_a_groups_name(mailbox, server, ada):
    unsigned = bring(through_a_group("Kim <kim@strict.example>"))
    assert unsigned.outcome == "quarantined"
    foreign = bring(signed(through_a_group("Kim <kim@strict.example>"), "lumen.example"))
    assert foreign.outcome == "quarantined"
    no_group = bring(signed(through_a_group("Kim <kim@strict.example>").replace(b"List-ID", b"X-List"), "desk.example"))
    assert no_group.outcome == "quarantined"


def test_a_group_makes_nobody_an_agent(mailbox, server, ada):
    letter = bring(signed(through_a_group(f"Ada <{ada.email}>"), "desk.example"))
    assert letter.verified is False
    assert letter.message.agent is None
    conversation = letter.conversation
    answer = through_a_group(f"Ada <{ada.email}>", body="As an agent.", to=token.reply_address(DESK, conversation.pk))
    assert bring(signed(answer, "desk.example")).message.agent is None
