"""Mail servers as they are: they go away, close without a word, want another password, and take no more on one connection."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.channels import recall, sending, smtp, transport
from evenhand.channels.answer import End
from evenhand.channels.models import Outgoing
from evenhand.channels.transport import Transport, in_ascii
from evenhand.conversations.attachment import Upload
from evenhand.conversations.message import TooLate
from evenhand.conversations.models import Attachment

RAW = b"From: a@desk.example\r\nSubject: x\r\n\r\nx\r\n"
CLOSE = ""  # what a server that says nothing more says


class Server(socketserver.ThreadingTCPServer):
    """Answers as it is told: `said` holds answers to a command to give once, first come first used, instead of 250."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.said: dict[str, list[str]] = {}
        self.heard: list[str] = []
        self.letters: list[bytes] = []
        self.connections = 0
        self.offers = ["AUTH PLAIN"]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        if not self.say("", "220 mail.example"):
            return
        while line := self.rfile.readline():
            words = line.decode().strip()
            self.server.heard.append(words)
            verb = words.split(" ")[0].upper()
            if not self.say(verb, self.usual(verb)):
                return
            if verb == "DATA" and not self.take():
                return

    def usual(self, verb: str) -> str:
        if verb == "EHLO":
            return "\r\n".join(["250-mail.example", *(f"250-{each}" for each in self.server.offers), "250 SIZE"])
        return {"DATA": "354 Go on", "QUIT": "221 Bye", "AUTH": "235 Welcome"}.get(verb, "250 OK")

    def take(self) -> bool:
        letter = b""
        while (line := self.rfile.readline()) != b".\r\n":
            letter += line
        self.server.letters.append(letter)
        return self.say(".", "250 OK")

    def say(self, verb: str, usual: str) -> bool:
        told = self.server.said.get(verb)
        answer = told.pop(0) if told else usual
        self.wfile.write(f"{answer}\r\n".encode() if answer else b"")
        return bool(answer) and not answer.startswith(("421", "221"))


@pytest.fixture
def server():
    with running() as server:
        yield server


@contextmanager
def running():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def send(carrier, to=("mira@lumen.example",)):
    return carrier.send("a@desk.example", list(to), RAW)


def test_one_connection_carries_many(server):
    with Transport(server.url) as carrier:
        assert [send(carrier).end for _ in range(3)] == [End.SENT] * 3
    assert server.connections == 1


@pytest.mark.parametrize("way", [["250 OK", CLOSE], ["250 OK", "421 4.7.0 Enough for one connection"]])
def test_a_connection_that_ended_between_two_letters_costs_no_letter_its_turn(server, way):
    server.said["MAIL"] = way
    with Transport(server.url) as carrier:
        assert [send(carrier).end for _ in range(2)] == [End.SENT] * 2
    assert (server.connections, len(server.letters)) == (2, 2)


def test_a_server_that_closes_after_the_letter_without_a_word_may_have_it(server):
    server.said["."] = ["250 OK", CLOSE]
    with Transport(server.url) as carrier:
        assert send(carrier).end is End.SENT
        answer = send(carrier)
        assert (answer.end, answer.perhaps) == (End.LATER, True)
        assert "did not say whether it took the letter" in answer.words
    assert len(server.letters) == 2  # and nothing was sent again at once


def test_it_is_given_time_for_its_last_word(server, monkeypatch):
    """RFC 5321 wants ten minutes: who gives up sooner sends it twice."""
    assert smtp.LAST_WORD == 600
    seen = []
    monkeypatch.setattr(
        smtp.smtplib.SMTP, "data", lambda self, msg: (seen.append(self.sock.gettimeout()), (250, b""))[1]
    )
    with Transport(server.url) as carrier:
        send(carrier)
        assert carrier.server.sock.gettimeout() == transport.TIMEOUT
    assert seen == [600]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_closes_before_the_letter_has_none(server, verb):
    server.said[verb] = [CLOSE]
    with Transport(server.url) as carrier:
        answer = send(carrier)
    assert answer.end is End.LATER
    assert server.letters == []


@pytest.mark.parametrize("said", ["535 5.7.8 Wrong", "534 5.7.9 Another way", "454 4.7.0 Not now"])
def test_a_wrong_password_is_for_an_administrator_to_mend(server, said):
    server.said["AUTH"] = [said] * 9
    with Transport(server.url.replace("//", "//desk:secret@")) as carrier:
        answer = send(carrier)
    assert (answer.end, answer.perhaps) == (End.LATER, False)
    assert said[:3] in answer.words


def test_a_server_that_wants_a_password_first_is_not_the_recipients_fault(server):
    server.said["MAIL"] = ["530 5.7.0 Authentication required"]
    with Transport(server.url) as carrier:
        assert send(carrier).end is End.LATER


def test_a_password_goes_over_no_line_in_the_clear(server, monkeypatch):
    monkeypatch.setattr(transport, "is_here", lambda host: False)
    with Transport(server.url.replace("//", "//desk:secret@")) as carrier:
        answer = send(carrier)
    assert (answer.end, "no STARTTLS" in answer.words) == (End.LATER, True)
    assert not [each for each in server.heard if each.startswith("AUTH")]


def test_domains_are_said_in_ascii_to_every_server(server):
    with Transport(server.url) as carrier:
        assert send(carrier, ["m@bücher.example"]).end is End.SENT
    assert "rcpt TO:<m@xn--bcher-kva.example>" in server.heard
    assert in_ascii("mäx@bücher.example") == "mäx@xn--bcher-kva.example"


def test_an_address_in_other_letters_needs_a_server_that_knows_them(server):
    with Transport(server.url) as carrier:
        assert send(carrier, ["mäx@post.example"]).end is End.REFUSED
        server.offers += ["SMTPUTF8", "8BITMIME"]
    with Transport(server.url) as carrier:
        assert send(carrier, ["mäx@post.example"]).end is End.SENT
    assert any("SMTPUTF8" in each and "BODY=8BITMIME" in each for each in server.heard)


# -- what it means for answers


def due():
    Outgoing.objects.filter(sent_at=None).update(next_try_at=timezone.now())


@pytest.mark.django_db
def test_what_was_taken_without_a_word_is_sent_again_and_says_so(conversation, ada, server, settings):
    settings.EVENHAND_OUTBOUND = server.url
    message = conversation.reply(ada, "Use oil.")
    server.said["."] = [CLOSE, "451 4.3.0 Not now"]
    sending.send_all()
    with pytest.raises(TooLate):
        recall.take_back(message, ada)
    due()
    sending.send_all()  # put off meanwhile, which makes nothing certain
    due()
    assert sending.send_all() == 1
    assert Outgoing.objects.get(message=message).answer.startswith("Sent again after an interruption")
    assert len(set(server.letters)) == 1  # mail programs show one letter


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_once_for_all_that_waits(conversation, ada, server, settings):
    settings.EVENHAND_OUTBOUND = server.url
    server.said[""] = ["421 4.3.2 Going down"] * 9
    for n in range(5):
        conversation.reply(ada, f"Answer {n}.")
    assert sending.send_all() == 0
    assert server.connections == 1
    waiting = Outgoing.objects.filter(sent_at=None).order_by("pk")
    assert [each.tries for each in waiting] == [1, 0, 0, 0, 0]
    assert all("421" in each.answer for each in waiting)
    assert all(each.next_try_at - timezone.now() <= timedelta(minutes=1) for each in waiting)
    server.said.clear()
    due()
    assert sending.send_all() == 5


@pytest.mark.django_db
def test_a_desk_that_was_off_for_a_week_has_not_tried_for_one(conversation, ada, server, settings):
    settings.EVENHAND_OUTBOUND = server.url
    message = conversation.reply(ada, "Use oil.")
    sending.make_letters()
    Outgoing.objects.filter(message=message).update(made_at=timezone.now() - timedelta(days=7))
    server.said["."] = ["451 4.7.1 Greylisted"]
    sending.send_all()
    due()
    assert sending.send_all() == 1


@pytest.mark.django_db
def test_a_letter_that_we_stumble_over_keeps_no_other_from_leaving(conversation, ada, server, settings, monkeypatch):
    settings.EVENHAND_OUTBOUND = server.url
    first, second = conversation.reply(ada, "Odd."), conversation.reply(ada, "Even.")
    usual = Transport.send

    def stumble(self, sender, to, raw):
        if b"Odd." in raw and b"Even." not in raw:
            raise RuntimeError("a mistake of ours")
        return usual(self, sender, to, raw)

    monkeypatch.setattr(Transport, "send", stumble)
    assert sending.send_all() == 1
    assert "stumbled" in first.outgoing.answer
    assert second.outgoing.sent_at


@pytest.mark.django_db
def test_a_letter_that_ends_its_sender_again_and_again_lets_others_come_first(conversation, ada, server, settings):
    settings.EVENHAND_OUTBOUND = server.url
    message = conversation.reply(ada, "Poison.")
    sending.make_letters()
    letter = Outgoing.objects.get(message=message)
    sending._begin(letter)  # and nothing more: killed
    letter.refresh_from_db()
    assert letter.next_try_at <= timezone.now()
    sending._begin(letter)
    letter.refresh_from_db()
    assert letter.perhaps
    assert letter.next_try_at > timezone.now() + timedelta(minutes=2)


@pytest.mark.django_db
def test_an_answer_whose_file_is_gone_is_seen_and_holds_up_nobody(conversation, ada, server, settings):
    settings.EVENHAND_OUTBOUND = server.url
    gone = conversation.reply(ada, "See here.", uploads=[Upload("a.txt", "text/plain", b"12 cm")])
    Attachment.objects.filter(message=gone).update(stored_as="attachments/no/thing")
    fine = conversation.reply(ada, "Fine.")
    assert sending.send_all() == 1
    gone.refresh_from_db()
    assert gone.failure == "“a.txt” is not there any more."
    assert fine.outgoing.sent_at


@pytest.mark.django_db
def test_files_that_cannot_be_had_just_now_hold_up_their_own_answer_alone(
    conversation, ada, server, settings, monkeypatch
):
    settings.EVENHAND_OUTBOUND = server.url
    waits = conversation.reply(ada, "See here.", uploads=[Upload("a.txt", "text/plain", b"12 cm")])
    conversation.reply(ada, "Fine.")
    with monkeypatch.context() as away:
        away.setattr(Attachment, "content", lambda self: (_ for _ in ()).throw(ConnectionError("no bucket")))
        assert sending.send_all() == 1
    waits.refresh_from_db()
    assert (waits.failed_at, waits.leaves_at > timezone.now()) == (None, True)
    type(waits).objects.filter(pk=waits.pk).update(leaves_at=timezone.now())
    assert sending.send_all() == 1
