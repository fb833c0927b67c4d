"""Answers on their way out: once, threaded, readable, and never lost in silence."""

from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from evenhand.channels import beginning, sending, token
from evenhand.channels.carrier import Carriers
from evenhand.channels.composing import compose
from evenhand.channels.composing import mailbox as address_of
from evenhand.channels.hold import OUTGOING
from evenhand.channels.models import Outgoing, Question
from evenhand.channels.transport import End
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Event, Link, Message

from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(mailbox, settings):
    settings.EVENHAND_OUTBOUND = ""
    letter = arrive(write("My printer is on fire.\nReally."))
    sending.send_all()
    return letter.conversation


@pytest.fixture
def replied(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    return conversation.reply(ada, "Use water.\n\nAda", html="<p>Use <b>water</b>.</p>")


def test_a_reply_threads_and_reads_well(replied, box, conversation, ada):
    assert sending.send_all() == 1
    mail = box.mail()[0]
    replied.refresh_from_db()
    outgoing = replied.outgoing
    customers = conversation.letters.get().rfc_id
    assert replied.sent_at == outgoing.sent_at
    assert str(mail["From"]) == f"Ada Lovelace <{DESK}>"
    assert str(mail["To"]) == "mira@lumen.example"
    assert mail["Subject"] == "Re: Printer"
    assert mail["In-Reply-To"] == mail["References"] == f"<{customers}>"
    assert token.named_by_id(mail["Message-ID"]) == (conversation.pk, replied.pk)
    assert token.named_by_address(str(mail["Reply-To"])) == conversation.pk
    assert mail["Auto-Submitted"] is None
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    link = Link.of(conversation, conversation.person).url
    wrote = f"On {conversation.messages.first().at:%Y-%m-%d %H:%M} UTC, Mira wrote:"
    assert plain.startswith("Use water.\n\nAda\n\nThis conversation on the web: ")
    assert link in plain
    assert plain.rstrip().endswith(f"{wrote}\n> My printer is on fire.\n> Really.")
    page = mail.get_body(("html",)).get_content()
    assert ">Use <b>water</b>.</p>" in page
    assert "<blockquote" in page


def test_whatever_is_said_in_turn_stays_one_thread(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    conversation.reply(ada, "First.")
    sending.send_all()
    conversation.reply(ada, "And this, too.")
    sending.send_all()
    first, second = box.mail()
    customers = conversation.letters.get().rfc_id
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == f"<{customers}> {first['Message-ID']}"
    arrive(write("It works.", in_reply_to=str(second["Message-ID"]), message_id="<last@lumen.example>"))
    conversation.reply(ada, "Good.")
    sending.send_all()
    assert box.mail()[-1]["In-Reply-To"] == "<last@lumen.example>"
    assert box.mail()[-1]["References"].split()[1:] == [
        str(first["Message-ID"]),
        str(second["Message-ID"]),
        "<last@lumen.example>",
    ]


def test_an_answer_to_a_question_by_the_form_stands_below_what_we_wrote_first(mailbox, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    Question(once="1", email="mira@lumen.example", subject="Ink", text="It is dry.", need="question").keep()
    beginning.begin_all()
    sending.send_all()
    Conversation.objects.get().reply(ada, "Shake it.")
    sending.send_all()
    begun, answer = box.mail()
    assert answer["In-Reply-To"] == answer["References"] == begun["Message-ID"]


def test_a_strangers_letter_is_not_named_in_ours(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    to = token.reply_address(DESK, conversation.pk)
    arrive(write("Let me in.", sender="eve@else.example", to=to, message_id="<eve@else.example>"))
    conversation.reply(ada, "Hello.")
    sending.send_all()
    assert "eve@else.example" not in str(box.mail()[-1])


def test_whoever_reads_a_copy_is_not_given_the_customers_own_link(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    conversation.reply(ada, "To both.", cc=["joe@lumen.example"])
    sending.send_all()
    letter = box.mail()[-1]
    words = [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert not any(f"{settings.EVENHAND_URL}/c/" in each for each in words)
    assert all(f"{settings.EVENHAND_URL}/link" in each for each in words)


def test_a_reply_is_one_letter_however_often_it_is_looked_for(replied, box):
    sending.make_letters()
    sending.make_letters()
    assert sending.send_all() == 1
    assert sending.send_all() == 0
    assert len(box.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_one_makes_letters_while_others_wait(replied, database_urls):
    """Who looked before another's letters were committed would make them again, and lose its whole batch by it."""
    with psycopg.connect(database_urls["desk"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [OUTGOING])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
                sending.make_letters()
    assert sending.make_letters() == 1


def test_nothing_leaves_before_its_moment(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "Wait.", leaves_at=timezone.now() + timedelta(seconds=10))
    assert sending.send_all() == 0
    Message.objects.filter(pk=message.pk).update(leaves_at=timezone.now())
    assert sending.send_all() == 1


def test_what_cannot_be_sent_now_is_tried_again_later(replied, box):
    box.data = ["451 4.7.1 Greylisted"]
    assert sending.send_all() == 0
    letter = replied.outgoing
    wait = letter.next_try_at - timezone.now()
    assert (letter.tries, letter.answer, letter.failed_at) == (1, "451 4.7.1 Greylisted", None)
    assert timedelta(seconds=50) < wait < timedelta(seconds=61)
    assert sending.send_all() == 0
    Outgoing.objects.update(next_try_at=timezone.now())
    assert sending.send_all() == 1
    replied.refresh_from_db()
    assert replied.sent_at is not None


def test_a_server_that_is_away_loses_nothing(replied, box, settings):
    settings.EVENHAND_OUTBOUND = "smtp://127.0.0.1:1"
    assert sending.send_all() == 0
    assert "127.0.0.1 cannot be reached" in replied.outgoing.answer
    settings.EVENHAND_OUTBOUND = box.url
    Outgoing.objects.update(next_try_at=timezone.now())
    assert sending.send_all() == 1


def test_waits_grow_and_end_in_a_visible_failure(replied, box, conversation):
    sending.make_letters()
    waits = []
    for tries in range(8):
        box.data = ["451 4.7.1 Greylisted"]
        Outgoing.objects.filter(message=replied).update(next_try_at=timezone.now(), tries=tries)
        sending.send_all()
        waits.append(round((Outgoing.objects.get(message=replied).next_try_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 3, 10, 30, 60, 120, 240, 240]
    box.data = ["451 4.7.1 Greylisted"]
    Outgoing.objects.filter(message=replied).update(
        next_try_at=timezone.now(), made_at=timezone.now() - timedelta(days=4, seconds=1)
    )
    sending.send_all()
    replied.refresh_from_db()
    assert replied.failure == "451 4.7.1 Greylisted"


def test_a_final_refusal_is_seen_and_opens_the_conversation(replied, box, conversation, ada):
    conversation.close(agent=ada)
    box.rcpt = ["550 5.1.1 No such user"]
    assert sending.send_all() == 0
    replied.refresh_from_db()
    conversation.refresh_from_db()
    assert replied.failure == "mira@lumen.example: 550 5.1.1 No such user"
    assert replied.sent_at is None
    assert conversation.state == "open"
    event = Event.objects.get(conversation=conversation, what="not delivered")
    assert event.data == {"message": replied.pk, "why": "mira@lumen.example: 550 5.1.1 No such user"}
    Outgoing.objects.update(next_try_at=timezone.now())
    assert sending.send_all() == 0


def test_a_recipient_that_is_refused_beside_others_is_noted(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "To both.", cc=["gone@else.example"])
    box.rcpt = ["", "550 5.1.1 No such user"]
    assert sending.send_all() == 1
    assert box.to == [["mira@lumen.example"]]
    assert Event.objects.get(what="partly delivered").data == {"message": message.pk, "refused": ["gone@else.example"]}


def test_whom_the_server_puts_off_beside_others_gets_it_later_and_alone(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "To all three.", cc=["grey@else.example", "gone@else.example"])
    box.rcpt = ["", "450 4.2.0 Come back later", "550 5.1.1 No such user"]
    sending.send_all()
    message.refresh_from_db()
    letter = message.outgoing
    assert (letter.put_off, letter.sent_at) == (["grey@else.example"], None)
    assert message.sent_at is not None  # somebody has it
    assert "grey@else.example: 450 4.2.0 Come back later" in letter.answer
    Outgoing.objects.update(next_try_at=timezone.now())
    assert sending.send_all() == 1
    assert box.to == [["mira@lumen.example"], ["grey@else.example"]]
    assert box.letters[0] == box.letters[1]
    message.refresh_from_db()
    assert message.sent_at is not None
    assert Event.objects.get(what="partly delivered").data["refused"] == ["gone@else.example"]


@pytest.mark.parametrize("answer", ["550 5.7.1 No", "450 4.2.0 Later"])
def test_whom_the_server_never_takes_is_named_and_the_letter_is_not_failed(conversation, ada, box, settings, answer):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "To both.", cc=["grey@else.example"])
    box.rcpt = ["", "450 4.2.0 Come back later"]
    sending.send_all()
    Outgoing.objects.update(next_try_at=timezone.now(), made_at=timezone.now() - timedelta(days=5), tries=8)
    box.rcpt = [answer]
    sending.send_all()
    message.refresh_from_db()
    assert (message.failed_at, message.outgoing.put_off) == (None, [])
    assert Event.objects.get(what="partly delivered").data["refused"] == ["grey@else.example"]


def test_a_customer_who_is_refused_has_no_answer_whoever_else_has_it(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "To both.", cc=["joe@else.example"], close=True)
    box.rcpt = ["550 5.1.1 No such user", ""]
    sending.send_all()
    message.refresh_from_db()
    conversation.refresh_from_db()
    assert message.failure == "mira@lumen.example: 550 5.1.1 No such user"
    assert conversation.state == "open"


def test_a_try_that_never_said_how_it_ended_is_repeated_and_says_so(replied, box):
    """The process died between the server's 250 and our commit: the one window in which a letter may arrive twice."""
    sending.make_letters()
    Outgoing.objects.filter(message=replied).update(began_at=timezone.now(), tries=1)
    assert sending.send_all() == 1
    letter = Outgoing.objects.get(message=replied)
    assert letter.answer.startswith("Sent again after an interruption")
    assert letter.rfc_id in str(box.mail()[0]["Message-ID"])


def test_without_a_server_letters_stay_in_the_house(conversation, ada):
    message = conversation.reply(ada, "Use water.")
    assert sending.send_all() == 1
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.outgoing.answer == "Kept in the house: EVENHAND_OUTBOUND is not set."


def test_attachments_travel(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    files = [Upload("größe.txt", "text/plain", b"12 cm"), Upload("x.bin", "multipart/evil", b"\0\1")]
    conversation.reply(ada, "See here.", uploads=files)
    sending.send_all()
    sent = {
        each.get_filename(): (each.get_content_type(), each.get_payload(decode=True))
        for each in box.mail()[0].iter_attachments()
    }
    assert sent == {"größe.txt": ("text/plain", b"12 cm"), "x.bin": ("application/octet-stream", b"\0\1")}


def test_a_customer_without_an_address_is_a_visible_failure(replied, conversation, box):
    conversation.person.addresses.all().delete()
    sending.send_all()
    replied.refresh_from_db()
    assert replied.failure == "'' is not an address that a letter can be sent to."


def test_line_breaks_in_any_header_are_refused_or_harmless():
    """CVE-2024-6923, CVE-2026-1299."""
    given = {"sender": f"Desk <{DESK}>", "to": ["mira@lumen.example"], "text": "x", "host": "desk.example"}
    raw, _ = compose(subject="Hello\r\nBcc: all@x.example\n\nbody", **given)
    assert b"\r\nSubject: Hello Bcc: all@x.example body\r\n" in raw
    raw, _ = compose(subject="x", answers=["a@b\r\nBcc: c@d", "ok@lumen.example"], **given)
    assert b"Bcc" not in raw
    for bad in ("a@b.example\r\nBcc: c@d", "a@b.example\nX: y", "a b@c.example", "nobody", "a@", "@b", "x,y@b.example"):
        with pytest.raises(ValueError, match="address"):
            address_of(bad)


def test_names_are_written_as_names():
    assert (
        str(address_of('"Eve, <admin@bank.example>" <eve@x.example>')) == '"Eve, <admin@bank.example>" <eve@x.example>'
    )
    assert address_of("M <m@bücher.example>").domain == "xn--bcher-kva.example"


def test_recipients_are_capped(mailbox):
    cc = [f"{number}@x.example" for number in range(500)]
    letter = Outgoing.post("survey", ["mira@lumen.example"], "How was it?", "x", cc=cc)
    assert len(letter.to) == 20


def test_replies_survive_any_text(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    conversation.reply(ada, "From here\n.\n..\n{{7*7}} {% include 'x' %} 日本語 \x00 " + "long " * 4000)
    assert sending.send_all() == 1
    text = box.mail()[0].get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("From here\n.\n..\n{{7*7}} {% include 'x' %} 日本語  long long")
    assert max(map(len, box.letters[0].split(b"\r\n"))) < 998


def test_how_answers_are_told_apart():
    from evenhand.channels.transport import Transport, _end_of

    assert [_end_of(code) for code in (421, 450, 550, 554)] == [End.LATER, End.LATER, End.REFUSED, End.REFUSED]
    server = Transport("smtp://mail.example")
    assert server._all_refused({"a@x": (550, b"no"), "b@x": (450, b"later")}).end is End.LATER


def test_who_was_answered_first_does_not_wait_until_all_letters_are_made(conversation, ada, box, settings, monkeypatch):
    settings.EVENHAND_OUTBOUND = box.url
    monkeypatch.setattr(sending, "BATCH", 2)
    for n in range(6):
        conversation.reply(ada, f"Answer {n}.")
    made, send = [], sending.send
    monkeypatch.setattr(
        sending, "send", lambda *given: (made.append(Outgoing.objects.filter(kind="reply").count()), send(*given))[1]
    )
    assert sending.send_all() == 6
    assert made == [2, 2, 4, 4, 6, 6]
    assert "Answer 0." in str(box.mail()[0].get_body(("plain",)).get_content())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("copies", "acknowledgement", "statements"), [(0, True, 9), (0, False, 11), (5, False, 11)])
def test_a_letter_leaves_with_few_statements_however_many_it_is_for(
    mailbox, ada, box, django_assert_num_queries, copies, acknowledgement, statements
):
    """Begin and commit among them: the try is committed before it is begun, and its end afterwards."""
    conversation = arrive(write()).conversation
    conversation.reply(ada, "Use water.", cc=[f"c{n}@d{n}.example" for n in range(copies)])
    sending.make_letters()
    letter = Outgoing.objects.get(kind="ack" if acknowledgement else "reply")
    with Carriers() as carriers:
        carriers.of(mailbox)
        with django_assert_num_queries(statements):
            assert sending.send(letter.pk, carriers) is End.SENT
