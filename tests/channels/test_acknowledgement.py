"""One automatic answer, and to whom none goes. Attacks 13 to 16 of docs/attacks.md."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import format_datetime

import pytest
from django.utils import timezone

from evenhand.channels import token, wording
from evenhand.channels.models import Outgoing
from evenhand.conversations.models import Event, Link, Message
from evenhand.line.models import Turn

from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db


def test_one_acknowledgement_with_the_customers_link(mailbox):
    letter = arrive(write("My printer is on fire."))
    sent = Outgoing.objects.get()
    mail = message_from_bytes(bytes(sent.raw), policy=default)
    link = Link.of(letter.conversation, letter.conversation.person).url
    plain = mail.get_body(("plain",)).get_content()
    assert sent.to == ["mira@lumen.example"]
    assert mail["Subject"] == f"We have your letter [{letter.conversation.pk}]"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == mail["References"] == f"<{letter.rfc_id}>"
    assert token.named_by_id(mail["Message-ID"]) == (letter.conversation.pk, letter.message.pk)
    assert token.named_by_address(mail["Reply-To"]) == letter.conversation.pk
    assert link in plain
    assert f"{link}#impact" in plain
    assert link in mail.get_body(("html",)).get_content()


def test_nothing_the_sender_wrote_is_sent_back(mailbox):
    """Relay spam: a stranger's subject, name and text would go to whomever they name in From."""
    arrive(
        write("CHEAP PILLS http://spam.example", sender="Buy at spam.example <victim@lumen.example>", subject="PILLS")
    )
    raw = bytes(Outgoing.objects.get().raw)
    assert not re.search(rb"pills|spam\.example", raw, re.IGNORECASE)


def test_a_second_letter_is_not_acknowledged(mailbox):
    conversation = arrive(write()).conversation
    arrive(write("More.", to=token.reply_address(DESK, conversation.pk)))
    assert Outgoing.objects.count() == 1


MACHINES = {
    "auto-submitted": {"auto_submitted": "auto-generated"},
    "auto-replied": {"auto_submitted": "auto-replied; owner"},
    "bulk": {"precedence": "bulk"},
    "junk": {"precedence": "Junk"},
    "list": {"precedence": "list"},
    "list-id": {"list_id": "<news.lumen.example>"},
    "list-unsubscribe": {"list_unsubscribe": "<https://x.example>"},
    "null return path": {"return_path": "<>"},
    "no-reply": {"sender": "no-reply@lumen.example"},
    "noreply": {"sender": "Lumen <NoReply+x@lumen.example>"},
    "do_not_reply": {"sender": "do_not_reply@lumen.example"},
    "daemon": {"sender": "MAILER-DAEMON@lumen.example"},
    "suppress": {"x_auto_response_suppress": "All"},
    "old": {"date": format_datetime(timezone.now() - timedelta(days=31))},
}


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_no_automatic_mail_to_machines_lists_and_archives(mailbox, headers):
    letter = arrive(write("I am a machine.", **headers))
    assert letter.outcome in ("stored", "auto_reply")
    assert not Outgoing.objects.exists()


def test_none_to_an_empty_envelope_sender_nor_to_a_robots(mailbox):
    arrive(write("A"), envelope_from="<>")
    arrive(write("B"), envelope_from="bounce+123@lists.example")
    assert not Outgoing.objects.exists()


def test_auto_submitted_no_is_a_person(mailbox):
    arrive(write(auto_submitted="no"))
    assert Outgoing.objects.count() == 1


def test_two_desks_that_answer_each_other_stop(mailbox, caplog):
    """The other desk's answers carry no mark at all, and each starts a new conversation."""
    for number in range(12):
        arrive(write(f"Thank you, your ticket is {number}.", sender=f"Helper <help+{number}@other.example>"))
    assert Outgoing.objects.count() == 5
    assert Event.objects.filter(what="not acknowledged").count() == 7
    assert "No more automatic letters to 'help+5@other.example'" in caplog.text


def test_the_limit_is_for_an_hour(mailbox):
    for number in range(6):
        arrive(write(f"Letter {number}"))
    Outgoing.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    arrive(write("Later"))
    assert Outgoing.objects.count() == 6


def test_out_of_office_is_kept_and_changes_nothing(mailbox, ada):
    conversation = arrive(write()).conversation
    conversation.reply(ada, "Use water.", close=True)
    letter = arrive(
        write("I am away until Monday.", subject="Automatic reply: Printer", auto_submitted="auto-replied",
              to=token.reply_address(DESK, conversation.pk))
    )  # fmt: skip
    conversation.refresh_from_db()
    assert (letter.outcome, letter.message.kind, conversation.state) == ("auto_reply", Message.Kind.AUTOMATIC, "closed")
    assert not Turn.objects.live().filter(number=conversation.pk).exists()


def test_automatic_mail_waits_for_nobody(mailbox):
    letter = arrive(write("Disk is full.", auto_submitted="auto-generated"))
    assert (letter.outcome, letter.conversation.state) == ("auto_reply", "open")
    assert not Turn.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"list_id": "Our support <support.desk.example>", "precedence": "list"},
        {"x_auto_response_suppress": "All"},
        {"subject": "Out of office reply does not work"},
    ],
)
def test_a_person_who_looks_like_a_machine_waits_all_the_same(mailbox, headers):
    letter = arrive(write("It broke.", **headers))
    assert letter.outcome == "stored"
    assert Turn.objects.waiting().count() == 1
    assert not Outgoing.objects.exists()


def test_the_customers_language_is_spoken(mailbox):
    letter = arrive(
        write(
            "Guten Tag, mein Drucker brennt seit heute morgen und ich weiß nicht, was ich tun soll. Bitte helfen Sie mir."
        )
    )
    assert letter.conversation.language == "de"
    mail = message_from_bytes(bytes(Outgoing.objects.get().raw), policy=default)
    assert mail["Subject"] == f"Ihr Brief ist angekommen [{letter.conversation.pk}]"


def test_every_language_fills_every_place():
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja"} <= set(wording.languages())
    for language in wording.languages():
        words = wording.wording_in(language)
        assert words.subject.format(number=7).count("7") == 1
        assert words.acknowledgement.format(url="URL", desk="DESK").count("URL") == 2
        assert "NAME" in words.wrote.format(date="DATE", name="NAME")
        assert "URL" in words.page.format(url="URL")
    assert wording.wording_in("xx") == wording.wording_in("../../etc/passwd") == wording.wording_in("en")
    assert wording.wording_in("de-AT") == wording.wording_in("de")
