"""Undo until it leaves: an answer that waits for a mail server is taken back, or tried now; never one that somebody has."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evenhand.channels import recall, sending
from evenhand.channels.answer import Answer, End
from evenhand.channels.models import Delivery, Outgoing
from evenhand.channels.transport import Transport
from evenhand.conversations.message import TooLate
from evenhand.conversations.models import Conversation, Draft, Message

from .house import PATIENCE

pytestmark = pytest.mark.django_db
GREY = "451 4.7.1 Greylisted, come back later"


@pytest.fixture
def waiting(conversation, ada, box, settings):
    """An answer that the customer's server put off."""
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "Use oil.", html="<p>Use oil.</p>")
    box.data = [GREY]
    sending.send_all()
    return message


def due():
    Outgoing.objects.update(next_try_at=timezone.now())


def test_what_waits_for_a_server_is_taken_back_and_never_leaves(waiting, conversation, ada, box):
    assert recall.take_back(waiting, ada).html == "<p>Use oil.</p>"
    conversation.refresh_from_db()
    assert (conversation.waiting_since is not None, conversation.first_replied_at) == (True, None)
    assert not Outgoing.objects.filter(kind="reply").exists()
    due()
    assert sending.send_all() == 0
    assert box.letters == []


@pytest.mark.parametrize("away", ["smtp://127.0.0.1:1", "smtp://user:wrong@127.0.0.1:1"])
def test_a_server_that_is_away_has_nothing(conversation, ada, settings, away):
    settings.EVENHAND_OUTBOUND = away
    message = conversation.reply(ada, "Use oil.", html="<p>Use oil.</p>")
    sending.send_all()
    assert recall.take_back(message, ada).html == "<p>Use oil.</p>"


def test_what_waits_for_room_is_taken_back(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND, settings.EVENHAND_RECIPIENT_AN_HOUR = box.url, 1
    Delivery.note(["mira@lumen.example"])
    message = conversation.reply(ada, "Use oil.")
    sending.send_all()
    assert "waits for room" in message.outgoing.answer
    recall.take_back(message, ada)
    assert box.letters == []


def test_nobody_takes_back_what_a_colleague_wrote(waiting):
    eve = type(waiting.agent).objects.create_user("eve@desk.example", name="Eve")
    with pytest.raises(TooLate):
        recall.take_back(waiting, eve)
    assert Outgoing.objects.filter(message=waiting).exists()


def test_what_one_of_several_has_cannot_be_taken_back(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "To both.", cc=["grey@else.example"])
    box.rcpt = ["", "450 4.2.0 Come back later"]
    sending.send_all()
    with pytest.raises(TooLate, match=r"Somebody has it already: it waits for grey@else.example only"):
        recall.take_back(message, ada)
    due()
    assert sending.send_all() == 1
    assert box.to == [["mira@lumen.example"], ["grey@else.example"]]


def test_what_may_have_arrived_cannot_be_taken_back(waiting, ada, box):
    """A worker died in a try, and the next try was put off: who has it is as unknown as before."""
    Outgoing.objects.filter(message=waiting).update(began_at=timezone.now(), next_try_at=timezone.now())
    with pytest.raises(TooLate, match="may have arrived"):
        recall.take_back(waiting, ada)
    box.data = [GREY]
    sending.send_all()
    assert waiting.outgoing.answer == GREY
    with pytest.raises(TooLate, match=r"left already|may have arrived"):
        recall.take_back(waiting, ada)
    assert Message.objects.for_customer().filter(pk=waiting.pk).exists()
    due()
    sending.send_all()
    assert Outgoing.objects.get(message=waiting).answer.startswith("Sent again after an interruption")


def test_the_customer_reads_what_has_left_and_nothing_else(waiting, conversation, ada, box):
    assert list(Message.objects.for_customer().filter(kind="agent")) == []
    conversation.reply(ada, "Or water.")
    sending.send_all()
    letter = str(box.mail()[0].get_body(("plain",)))
    assert waiting.outgoing.rfc_id not in str(box.mail()[0]["References"])
    assert "Or water." in letter
    assert "Use oil." not in letter  # a later answer does not quote what can still be taken back
    due()
    sending.send_all()
    read = Message.objects.for_customer().filter(kind="agent")
    assert {each.text for each in read} == {"Use oil.", "Or water."}


def test_a_refused_answer_is_read_on_the_page(conversation, ada, box, settings):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "Use oil.")
    box.rcpt = ["550 5.1.1 No such user"]
    sending.send_all()
    assert message in Message.objects.for_customer()


def test_try_now(waiting, box):
    assert sending.send_all() == 0
    recall.try_now(waiting)
    assert sending.send_all() == 1
    assert len(box.letters) == 1
    recall.try_now(waiting)
    assert sending.send_all() == 0


# -- two at once: a worker and whoever takes it back


@contextmanager
def elsewhere():
    """Another thread with a connection of its own, as a worker has."""

    def run(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(run, work)


@pytest.mark.django_db(transaction=True)
def test_what_is_in_a_workers_hands_stays_there(conversation, ada, settings, monkeypatch):
    settings.EVENHAND_OUTBOUND = "smtp://mail.example"
    message = conversation.reply(ada, "Use oil.")
    begun, told = threading.Event(), threading.Event()

    def send(*_):
        begun.set()
        assert told.wait(PATIENCE)
        return Answer(End.SENT, "accepted")

    monkeypatch.setattr(Transport, "send", send)
    with elsewhere() as worker:
        sent = worker(sending.send_all)
        assert begun.wait(PATIENCE)
        try:
            with pytest.raises(TooLate, match="handed over at this very moment"):
                recall.take_back(message, ada)
        finally:
            told.set()
        assert sent.result(PATIENCE) == 1
    message.refresh_from_db()
    assert message.sent_at
    with pytest.raises(TooLate, match="left already"):
        recall.take_back(message, ada)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("made", [True, False])
def test_what_is_being_taken_back_is_not_sent(conversation, ada, box, settings, made):
    settings.EVENHAND_OUTBOUND = box.url
    message = conversation.reply(ada, "Use oil.")
    if made:
        sending.make_letters()
    with elsewhere() as worker:
        with transaction.atomic():
            recall.take_back(message, ada)
            sent = worker(sending.send_all)  # either finds the letter held, or waits for us before it makes one
            time.sleep(0.2)
        assert sent.result(PATIENCE) == 0
    assert box.letters == []
    assert Draft.objects.get().html


@pytest.mark.django_db(transaction=True)
def test_exactly_one_of_the_two_wins(conversation, ada, box, settings):
    """At random moments of a worker's way from the row to the server: it left, or it is a draft; never both, never neither."""
    settings.EVENHAND_OUTBOUND, settings.EVENHAND_RECIPIENT_AN_HOUR = box.url, 0
    chance, ends = random.Random(), {"sent": 0, "taken back": 0}
    with elsewhere() as worker:
        for n in range(40):
            message = conversation.reply(ada, f"Answer {n}.")
            if n % 2:
                sending.make_letters()
            before, at_work = len(box.letters), worker(sending.send_all)
            time.sleep(chance.uniform(0, 0.1))
            try:
                recall.take_back(message, ada)
                back = True
            except TooLate:
                back = False
            at_work.result(PATIENCE)
            while Outgoing.objects.filter(sent_at=None).exists():
                sending.send_all()
            assert (len(box.letters) - before, Message.objects.filter(pk=message.pk).exists()) == (
                (0, False) if back else (1, True)
            )
            assert Draft.objects.filter(html__contains=f"Answer {n}.").exists() is back
            Draft.objects.all().delete()
            ends["taken back" if back else "sent"] += 1
    print(ends)
    assert Conversation.objects.get().messages.filter(kind="agent").count() == ends["sent"]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_take_it_back_once(waiting, ada):
    with elsewhere() as other:
        with transaction.atomic():
            recall.take_back(waiting, ada)
            second = other(lambda: recall.take_back(waiting, ada))
            time.sleep(0.2)
        with pytest.raises(TooLate):
            second.result(PATIENCE)
    assert Draft.objects.get().html == "<p>Use oil.</p>"


def test_a_clock_that_was_wrong_keeps_nothing_for_a_year(waiting, conversation, ada, box):
    Outgoing.objects.filter(message=waiting).update(next_try_at=timezone.now() + timedelta(days=400))
    late = conversation.reply(ada, "Or water.", leaves_at=timezone.now() + timedelta(days=400))
    Delivery.objects.create(
        recipient="mira@lumen.example", domain="lumen.example", at=timezone.now() + timedelta(days=400)
    )
    assert sending.send_all() == 2
    late.refresh_from_db()
    assert late.sent_at
