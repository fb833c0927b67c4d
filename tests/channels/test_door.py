"""The SMTP door, over real sockets."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import OperationalError, connection

from evenhand.channels import intake
from evenhand.channels.door import Door, House
from evenhand.channels.models import Letter
from evenhand.channels.sources import LETTERS_A_MINUTE, Sources, source_of

from .post import DESK, write

pytestmark = pytest.mark.django_db(transaction=True)


class Open:
    """A door in a thread of its own, as the mail process has one."""

    def __init__(self, size_limit: int) -> None:
        self.house: House
        self.size_limit = size_limit
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self.loop, self.stop, self.house = asyncio.get_running_loop(), asyncio.Event(), House()
        server = await self.loop.create_server(
            lambda: Door(self.house, self.size_limit, "desk.example"), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.stop.wait()
        server.close()
        await self.house.intake.close()


@contextmanager
def opened(size_limit: int = 1_000_000):
    door = Open(size_limit)
    door.thread.start()
    assert door.ready.wait(5)
    yield door
    door.loop.call_soon_threadsafe(door.stop.set)
    door.thread.join(5)


@pytest.fixture
def door(mailbox, no_jobs):
    with opened() as door:
        yield door


def send(port: int, raw: bytes, sender: str = "mira@lumen.example", to: str = DESK) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail(sender, [to], raw)


def talk(port: int, *pieces: bytes) -> bytes:
    """Send bytes as they are, and return all that was answered until QUIT."""
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.settimeout(10)
        wire.sendall(b"".join(pieces) + b"QUIT\r\n")
        answered = b""
        while piece := wire.recv(65536):
            answered += piece
        return answered


HELLO = b"EHLO there\r\nMAIL FROM:<mira@lumen.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n"


def test_a_letter_is_stored_byte_for_byte_before_it_is_accepted(door):
    raw = write("Line one\n.a line with a dot\n..two dots\näöü 日本").replace(b"\n", b"\r\n")
    send(door.port, raw)
    letter = Letter.objects.get()
    assert bytes(letter.raw) == raw
    assert (letter.via, letter.envelope_from, letter.envelope_to, letter.outcome) == (
        "smtp", "mira@lumen.example", [DESK], "",
    )  # fmt: skip


def test_the_job_that_reads_is_committed_with_the_letter(door):
    send(door.port, write())
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("channels.read", "todo")]


def test_a_database_that_is_away_makes_the_sender_wait(door, monkeypatch):
    def away(arrivals: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "_keep_once_more", away)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(door.port, write())
    assert refused.value.smtp_code == 451
    monkeypatch.undo()
    send(door.port, write())
    assert Letter.objects.count() == 1


def test_a_letter_the_database_refuses_takes_no_other_with_it(mailbox, monkeypatch):
    keep_all = Letter.keep_all

    def picky(arrivals):
        if any(b"poison" in each.raw for each in arrivals):
            raise ValueError("no")
        return keep_all(arrivals)

    monkeypatch.setattr(Letter, "keep_all", picky)
    arrivals = [intake.Arrival(raw, "smtp") for raw in (b"one", b"poison", b"three")]
    assert intake.keep(arrivals) == [True, False, True]
    assert sorted(bytes(each.raw) for each in Letter.objects.all()) == [b"one", b"three"]


def test_while_the_database_is_away_it_is_not_asked_for_each_letter(mailbox, monkeypatch):
    asked = []

    def away(*_):
        asked.append(1)
        raise OperationalError("gone")

    monkeypatch.setattr(Letter, "keep_all", away)
    monkeypatch.setattr(intake.connection, "close", lambda: None)
    monkeypatch.setattr(intake.connection, "ensure_connection", away)
    assert intake.keep([intake.Arrival(b"x", "smtp")] * 100) == [False] * 100
    assert len(asked) == 3


def test_a_mistake_of_ours_makes_one_sender_wait_and_not_all_for_ever(door, monkeypatch):
    def broken(arrivals: object) -> None:
        raise RuntimeError("a mistake")

    with monkeypatch.context() as mistaken:
        mistaken.setattr(intake, "_keep_once_more", broken)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(door.port, write())
        assert refused.value.smtp_code == 451
    send(door.port, write())
    assert Letter.objects.count() == 1


def test_a_letter_past_the_size_limit_is_refused_and_the_next_is_taken(mailbox):
    with opened(size_limit=1000) as door, smtplib.SMTP("127.0.0.1", door.port) as client:
        client.ehlo_or_helo_if_needed()
        assert client.esmtp_features["size"] == "1000"
        client.mail("mira@lumen.example")
        client.rcpt(DESK)
        assert client.data(b"x" * 5000)[0] == 552
        client.sendmail("mira@lumen.example", [DESK], b"Subject: small\r\n\r\nx\r\n")
        client.noop()
        assert door.house.received == 0
    assert Letter.objects.get().size < 1000


def test_the_limit_is_exact(mailbox):
    with opened(size_limit=1000) as door, smtplib.SMTP("127.0.0.1", door.port) as client:
        client.sendmail("a@b.example", [DESK], b"x" * 998)  # and the line end that DATA needs
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            client.sendmail("a@b.example", [DESK], b"x" * 999)


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n"])
def test_bare_line_ends_smuggle_no_second_letter(door, end):
    smuggled = (
        b"Subject: one\r\n\r\nText" + end + b"MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\nevil"
    )
    talk(door.port, HELLO, smuggled, b"\r\n.\r\n")
    assert bytes(Letter.objects.get().raw).startswith(b"Subject: one\r\n\r\nText")
    assert b"evil" in bytes(Letter.objects.get().raw)


@pytest.mark.parametrize("body", [b"", b".\r\n"[:0], b"a\r\n", b"..\r\n", b"ends with a dot.\r\n", b"\r\n"])
def test_the_end_is_found_wherever_it_stands(door, body):
    assert b"250 2.0.0 Stored" in talk(door.port, HELLO, body, b".\r\n")
    assert bytes(Letter.objects.get().raw) == (b".\r\n" if body == b"..\r\n" else body)


def test_lines_of_any_length_are_taken(door):
    raw = b"Subject: long\r\n\r\n" + b"x" * 300_000 + b"\r\n"
    assert b"250 2.0.0 Stored" in talk(door.port, HELLO, raw, b".\r\n")
    assert bytes(Letter.objects.get().raw) == raw


def test_a_null_sender_odd_addresses_and_utf8_are_taken(door):
    odd = "EHLO x\r\nMAIL FROM:<> SMTPUTF8\r\nRCPT TO:<用户..a.@desk.example>\r\nDATA\r\n".encode()
    assert b"250 2.0.0 Stored" in talk(door.port, odd, b"Subject: x\r\n\r\nx\r\n.\r\n")
    letter = Letter.objects.get()
    assert (letter.envelope_from, letter.envelope_to) == ("<>", ["用户..a.@desk.example"])


def test_recipients_are_capped_for_now_and_not_for_ever(door):
    with smtplib.SMTP("127.0.0.1", door.port) as client:
        client.ehlo()
        client.mail("mira@lumen.example")
        codes = [client.rcpt(f"r{number}@desk.example")[0] for number in range(101)]
    assert codes == [250] * 100 + [452]


def test_many_senders_at_once_share_commits_and_lose_nothing(door):
    raws = [write(f"Letter {number}") for number in range(60)]
    threads = [threading.Thread(target=partial(send, door.port, raw)) for raw in raws]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Letter.objects.count() == 60
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone()[0] < 60
    assert Letter.account()[0]["fetched"] == 60


def test_one_source_may_not_take_every_place():
    sources = Sources()
    assert all(sources.enter("192.0.2.1") for _ in range(20))
    assert not sources.enter("192.0.2.1")
    assert sources.enter("192.0.2.2")
    for _ in range(2):
        sources.leave("192.0.2.1")
    assert sources.enter("192.0.2.1")


def test_one_source_may_bring_so_many_letters_a_minute():
    sources = Sources()
    assert [sources.bring("2001:db8::/64") for _ in range(LETTERS_A_MINUTE + 1)].count(True) == LETTERS_A_MINUTE
    assert sources.bring("")
    assert sources.bring("192.0.2.9")


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        ("127.0.0.1", ""), ("10.1.2.3", ""), ("fd00::1", ""), ("::ffff:10.0.0.1", ""), ("not an address", ""),
        ("8.8.4.4", "8.8.4.4"), ("::ffff:8.8.4.4", "8.8.4.4"), ("2606:4700:1:2:3::9", "2606:4700:1:2::/64"),
    ],
)  # fmt: skip
def test_the_source_is_a_network(peer, source):
    assert source_of(peer) == source
