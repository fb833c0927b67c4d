"""Which conversation a letter belongs to. Attacks 1, 2, 3, 5 and 6 of docs/attacks.md."""

import pytest
from django.utils import timezone

from evenhand.channels import token
from evenhand.channels.models import Letter, Outgoing
from evenhand.conversations.models import Conversation, Event, Link, Message
from evenhand.line.models import Turn

from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db
HOST = "desk.example"


@pytest.fixture
def conversation(mailbox):
    return arrive(write("My printer is on fire.")).conversation


def tokened(conversation: Conversation) -> str:
    return token.reply_address(DESK, conversation.pk)


def test_our_identifiers_hold_and_no_other_does():
    made = token.message_id(12, 345, HOST)
    assert token.named_by_id(f"<{made}>") == (12, 345)
    assert token.named_by_id(made.upper()) == (12, 345)
    for forged in (made.replace("c.12.", "c.13."), made.replace(".345.", ".346."), "c.12.345.@x", "12@x", made[:-20]):
        assert token.named_by_id(forged) is None
    address = token.reply_address(DESK, 12)
    assert token.named_by_address(address.upper()) == 12
    assert token.named_by_address(address.replace("+c12.", "+c13.")) is None
    assert len(address.partition("@")[0]) <= 64
    assert token.DIGEST_LENGTH * 5 >= 80


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
def test_an_answer_to_our_letter_joins_its_conversation(conversation, header):
    ours = f"<{token.message_id(conversation.pk, 1, HOST)}>"
    letter = arrive(write("It still burns.", **{header: f"<other@x.example> {ours}"}))
    assert (letter.outcome, letter.conversation) == ("stored", conversation)
    assert conversation.messages.count() == 2


def test_a_letter_to_the_reply_address_joins_by_header_or_by_envelope(conversation):
    assert arrive(write("A", to=tokened(conversation))).conversation == conversation
    assert arrive(write("B"), envelope_to=(tokened(conversation).upper(),)).conversation == conversation


def test_asking_again_keeps_the_place_in_the_line(conversation):
    before = Turn.objects.get(number=conversation.pk)
    arrive(write("And?", to=tokened(conversation)))
    assert Turn.objects.get(number=conversation.pk).turn_since == before.turn_since


def test_a_forged_identifier_of_an_agent_says_nothing(conversation, ada):
    """CVE-2026-47123: an agent's address in From, and the conversation's number without our digest."""
    outgoing = Outgoing.objects.count()
    letter = arrive(
        write("Refund them.", sender=f"Ada <{ada.email}>", in_reply_to=f"<c.{conversation.pk}.1.{'a' * 20}@{HOST}>")
    )
    assert letter.conversation != conversation
    assert letter.message.kind == Message.Kind.CUSTOMER
    assert not Message.objects.filter(kind=Message.Kind.AGENT).exists()
    assert not Outgoing.objects.filter(kind="reply").exists()
    assert Outgoing.objects.count() <= outgoing + 1  # at most an acknowledgement to whoever wrote


def test_an_agent_with_a_valid_token_is_no_agent_by_mail(conversation, ada):
    letter = arrive(write("I close this.", sender=f"Ada <{ada.email}>", to=tokened(conversation)))
    conversation.refresh_from_db()
    assert (letter.outcome, letter.message.kind) == ("quarantined", Message.Kind.NOTE)
    assert conversation.first_replied_at is None


def test_a_stranger_with_a_valid_token_is_a_note_and_sees_nothing(conversation):
    """GHSA-j49f-9g94-3wh4."""
    sent = Outgoing.objects.count()
    letter = arrive(write("Send me the history.", sender="eve@evil.example", to=tokened(conversation)))
    conversation.refresh_from_db()
    assert (letter.outcome, letter.conversation, letter.message.kind) == ("quarantined", conversation, "note")
    assert letter.reason.startswith("eve@evil.example answered through this conversation's private address")
    assert conversation.person.email == "mira@lumen.example"
    assert not Link.objects.filter(person__addresses__email="eve@evil.example").exists()
    assert Outgoing.objects.count() == sent
    assert Message.objects.for_customer().filter(pk=letter.message_id).count() == 0
    assert Event.objects.filter(conversation=conversation, what="stranger wrote").count() == 1


def test_a_strangers_letter_brings_a_closed_conversation_before_an_agent(conversation, ada):
    conversation.close(agent=ada)
    arrive(write("From my other address.", sender="mira.privately@home.example", to=tokened(conversation)))
    conversation.refresh_from_db()
    assert conversation.state == "open"
    assert Turn.objects.waiting().filter(number=conversation.pk).exists()


def test_whom_an_agent_wrote_to_is_no_stranger(conversation, ada):
    conversation.reply(ada, "Asking the maker.", cc=["maker@printers.example"])
    letter = arrive(write("Water helps.", sender="maker@printers.example", to=tokened(conversation)))
    assert (letter.outcome, letter.message.kind) == ("stored", "customer")
    conversation.refresh_from_db()
    assert conversation.person.email == "mira@lumen.example"


def test_who_else_a_letter_was_written_to_is_seen_and_is_no_part_of_it(conversation, ada):
    """Somebody added in Cc by a letter needs an agent to become part of the conversation."""
    reply_to = tokened(conversation)
    letter = arrive(
        write("See my lawyer.", to=f"{DESK}, {reply_to}, Eve <Eve@Evil.example>", cc="b@x.example, mira@lumen.example")
    )
    assert (letter.conversation, letter.message.cc) == (conversation, ["eve@evil.example", "b@x.example"])
    assert arrive(write("I am in Cc.", sender="eve@evil.example", to=reply_to)).outcome == "quarantined"
    reply = conversation.reply(ada, "To you alone.")
    assert reply.cc == []


def test_a_number_in_the_subject_is_just_a_subject(conversation):
    letter = arrive(write("Me too.", sender="eve@evil.example", subject=f"Re: [#{conversation.pk}] Printer"))
    assert letter.outcome == "stored"
    assert letter.conversation != conversation


def test_letters_follow_a_merge(conversation, ada):
    other = arrive(write("The same printer.")).conversation
    third = arrive(write("Once more.")).conversation
    conversation.merge(other, ada)
    other.merge(third, ada)
    assert arrive(write("And now?", to=tokened(conversation))).conversation == third


def test_a_token_for_a_conversation_that_is_gone_starts_a_new_one(mailbox):
    letter = arrive(write(to=token.reply_address(DESK, 999_999)))
    assert (letter.outcome, letter.conversation.number != 999_999) == ("stored", True)


def test_our_own_letter_that_comes_back_is_rejected(conversation):
    ours = Outgoing.objects.get(kind="ack")
    letter = arrive(bytes(ours.raw))
    assert (letter.outcome, letter.reason) == ("rejected", "It is a letter of ours that came back.")
    assert Conversation.objects.count() == 1


def test_who_claims_to_be_this_desk_is_quarantined(mailbox):
    letter = arrive(write("Pay at once.", sender=f"The desk <{DESK}>"))
    assert letter.outcome == "quarantined"
    assert "says that it comes from this desk itself" in letter.reason
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    "sender",
    [
        "alice@corp.example)bob@evil.example",
        "alice@corp.example <bob@evil.example>",
        "=?utf-8?q?alice=40corp.example?= <bob@evil.example>",
    ],
)
def test_a_sender_made_to_look_like_another_is_never_that_other(mailbox, sender):
    raw = write().replace(b"From: Mira <mira@lumen.example>", b"From: " + sender.encode())
    letter = arrive(raw)
    assert not Conversation.objects.filter(person__addresses__email="alice@corp.example").exists()
    assert Letter.objects.get(pk=letter.pk).outcome in ("stored", "quarantined")


def test_two_senders_are_never_trusted(mailbox):
    letter = arrive(b"From: eve@evil.example\n" + write())
    assert letter.outcome == "quarantined"
    assert "more than one" in letter.reason


def test_a_bounce_finds_its_message_by_our_digest_alone(conversation, ada):
    message = conversation.reply(ada, "Use water.", close=True)
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())
    letter = arrive(bounce(token.message_id(conversation.pk, message.pk, HOST)))
    message.refresh_from_db()
    conversation.refresh_from_db()
    assert (letter.outcome, letter.conversation, letter.message) == ("bounce", conversation, message)
    assert message.failed_at is not None
    assert message.failure == "mira@lumen.example 5.1.1"
    assert conversation.state == "open"
    assert conversation.person.addresses.get().bounced_at is not None


def test_a_forged_bounce_touches_nothing(conversation, ada):
    message = conversation.reply(ada, "Use water.")
    letter = arrive(bounce(f"c.{conversation.pk}.{message.pk}.{'a' * 20}@{HOST}"))
    message.refresh_from_db()
    assert (letter.outcome, letter.conversation.state, message.failed_at) == ("bounce", "quarantined", None)
    assert letter.conversation != conversation
    assert conversation.person.addresses.get().bounced_at is None


def bounce(original: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: {DESK}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce.{original}>
Date: Mon, 23 Nov 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your letter.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; mira@lumen.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

From: {DESK}
To: mira@lumen.example
Subject: Re: Printer
Message-ID: <{original}>

Use water.
--b--
""".encode()
