"""What becomes of a letter that arrived."""

import threading

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from evenhand.channels import here, reader
from evenhand.channels.hold import LETTER
from evenhand.channels.models import Letter, Mailbox, Outgoing
from evenhand.channels.reading import Letter as Said
from evenhand.conversations.models import Conversation, Message
from evenhand.line.models import Turn
from evenhand.people.models import Account, Person, Team

from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db


def test_a_letter_starts_a_conversation_that_waits_in_the_line(mailbox):
    letter = arrive(write("My printer is on fire."))
    conversation = letter.conversation
    assert (letter.outcome, letter.reason) == ("stored", "")
    assert (conversation.subject, conversation.state, conversation.channel) == ("Printer", "open", "mail")
    assert conversation.person.email == "mira@lumen.example"
    assert [each.text.strip() for each in conversation.messages.all()] == ["My printer is on fire."]
    assert Turn.objects.waiting().filter(number=conversation.pk).count() == 1


@pytest.mark.parametrize("subject", ["Fwd: Invoice", "Invoice"])
def test_what_a_customer_passes_on_is_there_to_be_read(mailbox, subject):
    inside = "---------- Forwarded message ---------\nFrom: shop@shop.example\nDate: 4 Jan 2024 10:00\nSubject: Invoice\n\nYou owe us 12."
    message = arrive(write(f"Is this yours?\n\n{inside}", subject=subject)).conversation.messages.get()
    assert "You owe us 12." in message.text
    assert message.quoted == ""


def test_every_letter_is_counted_and_the_account_adds_up(mailbox):
    raw = write()
    arrive(raw)
    arrive(raw)
    arrive(write(sender=""))
    Letter.keep(write(), "smtp")
    account = Letter.account()[0]
    assert account == {
        "address": DESK, "fetched": 4, "stored": 1, "duplicate": 1, "quarantined": 1, "bounce": 0,
        "auto_reply": 0, "rejected": 0, "unread": 1, "adds_up": True,
    }  # fmt: skip


def test_an_account_that_does_not_add_up_says_so(mailbox):
    arrive(write())
    Letter.objects.all().delete()
    Letter.keep(write(), "smtp")
    Letter.objects.all().delete()
    assert Letter.account()[0]["adds_up"] is False


def test_the_same_letter_by_another_way_is_a_duplicate(mailbox):
    raw = write()
    first = arrive(raw)
    again = arrive(b"Received: from elsewhere by here; Mon, 1 Jan 2024 00:00:00 +0000\n" + raw)
    assert (again.outcome, again.conversation, again.reason) == (
        "duplicate",
        first.conversation,
        f"It is letter {first.pk} again.",
    )
    assert Message.objects.count() == 1


def test_two_letters_with_one_message_id_are_two_letters(mailbox):
    same = "<same@lumen.example>"
    arrive(write("First.", message_id=same))
    second = arrive(write("Second.", message_id=same))
    assert second.outcome == "stored"
    assert Conversation.objects.count() == 2


def test_the_mailbox_gives_team_and_topic(mailbox):
    billing = Mailbox.objects.create(
        address="billing@desk.example", name="Billing", team=Team.objects.create(name="Billing"), topic="billing"
    )
    letter = arrive(write(), envelope_to=("Billing+tag@desk.example",))
    assert (letter.mailbox, letter.conversation.team.name, letter.conversation.topic) == (billing, "Billing", "billing")
    assert arrive(write("Else"), envelope_to=("who@else.example",)).mailbox == mailbox


def test_a_letter_without_a_sender_is_quarantined_with_a_sentence(mailbox):
    letter = arrive(write(sender=""))
    assert letter.outcome == "quarantined"
    assert letter.conversation.state == "quarantined"
    assert "Who sent it cannot be made out" in letter.conversation.problem
    assert not Turn.objects.exists()
    assert not Outgoing.objects.exists()


def test_a_letter_that_ends_the_reader_three_times_is_put_before_an_agent(mailbox, monkeypatch):
    tried = []

    def crash(raw: bytes) -> Said:
        tried.append(raw)
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(reader, "read_letter", crash)
    letter = arrive(write())
    assert len(tried) == 3
    assert (letter.outcome, letter.conversation.state) == ("quarantined", "quarantined")
    assert letter.reason == "Reading it failed 3 times (ValueError). The raw letter is kept and can be opened."
    assert bytes(letter.raw) == tried[0]


def test_a_letter_that_killed_its_reader_three_times_is_not_read_again(mailbox, monkeypatch):
    monkeypatch.setattr(reader, "read_letter", lambda raw: pytest.fail("read a fourth time"))
    letter = Letter.keep(write(), "smtp")
    Letter.objects.update(tries=3)
    reader.read_all()
    letter.refresh_from_db()
    assert (letter.outcome, "the reader was ended by it" in letter.reason) == ("quarantined", True)


def test_a_database_that_is_away_is_not_the_letters_fault(mailbox, monkeypatch):
    def away(*_: object) -> None:
        raise OperationalError("gone")

    letter = Letter.keep(write(), "smtp")
    monkeypatch.setattr(reader, "_settle", away)
    for _ in range(4):
        with pytest.raises(OperationalError):
            reader.read_all()
    monkeypatch.undo()
    reader.read_all()
    letter.refresh_from_db()
    assert letter.outcome == "stored"


def test_a_process_that_is_ended_while_it_gets_ready_is_no_letters_fault(mailbox, monkeypatch):
    """What takes the reader seconds, once, it does before it begins with a letter: ended there three times, it blames none."""
    letter = Letter.keep(write("Hello"), "smtp")
    monkeypatch.setattr("evenhand.channels.reading.language._model", lambda: (_ for _ in ()).throw(SystemExit))
    for _ in range(4):
        with pytest.raises(SystemExit):
            reader.read_all()
    monkeypatch.undo()
    reader.read_all()
    letter.refresh_from_db()
    assert (letter.outcome, letter.tries) == ("stored", 1)


def test_one_thread_reads_and_whoever_comes_meanwhile_is_heard(monkeypatch):
    looked, started, go_on = [], threading.Event(), threading.Event()

    def look() -> int:
        looked.append(threading.current_thread().name)
        started.set()
        assert go_on.wait(10)
        return 1

    monkeypatch.setattr(reader, "_read_waiting", look)
    first = threading.Thread(target=reader.read_all, name="first")
    first.start()
    assert started.wait(10)
    assert [reader.read_all() for _ in range(3)] == [0, 0, 0]
    go_on.set()
    first.join(10)
    assert looked == ["first", "first"]
    assert reader.read_all() == 1


def test_one_person_with_one_address_is_one_person(mailbox):
    arrive(write("One", sender="Mira <mira@lumen.example>"))
    arrive(write("Two", sender="MIRA@Lumen.example"))
    assert Person.objects.count() == 1


def test_what_twenty_newcomers_letters_take(mailbox, monkeypatch):
    """What is the same for all of them is looked up once."""
    monkeypatch.setattr(here, "LASTS", 3600.0)  # however busy the machine
    arrive(write())
    for n in range(20):
        Letter.keep(write(sender=f"N {n} <n{n}@n{n}.example>"), "smtp")
    with CaptureQueriesContext(connection) as said:
        assert reader.read_all() == 20
    assert Outgoing.objects.count() == 21
    inside = ("SAVEPOINT", "RELEASE")
    assert len([each for each in said if not each["sql"].startswith(inside)]) <= 20 * 17 + 15


@pytest.mark.django_db(transaction=True)
def test_what_is_in_other_hands_is_passed_over(mailbox):
    first, second = Letter.keep(write("One"), "smtp"), Letter.keep(write("Two"), "smtp")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LETTER + first.pk])
        assert reader.read_all() == 1
        other.execute("SELECT pg_advisory_unlock_all()")  # closing only asks for it
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, first.tries, second.outcome) == ("", 0, "stored")
    assert reader.read_all() == 1


def test_somebody_new_belongs_to_their_organisation(mailbox):
    company = Account.objects.create(name="Lumen")
    company.domains.create(domain="lumen.example")
    mira, solo = Person.at("mira@lumen.example", "Mira", "en"), Person.at("solo@post.example")
    assert mira.account == company
    for person in (mira, solo):
        kept = Person.objects.select_related("account").get(pk=person.pk)
        for now, then in ((person, kept), (person.account, kept.account)):
            assert [getattr(now, field.attname) for field in now._meta.concrete_fields] == [
                getattr(then, field.attname) for field in then._meta.concrete_fields
            ]
    assert solo.account.name == ""
