"""LMTP, from the real process, over a socket of the file system."""

import smtplib
from pathlib import Path

import psutil
import pytest

from evenhand.channels.door import House as Hall
from evenhand.channels.lmtp import LocalDoor

from .house import House
from .post import DESK, write


@pytest.fixture(scope="module")
def house():
    with House() as made:
        made.socket = made.directory / "lmtp"
        made.start("mail", "mail", "--lmtp", str(made.socket))
        made.until(made.listens)
        made.until(made.socket.exists)
        yield made


def stored(house) -> list[tuple[object, ...]]:
    return house.ask(
        "SELECT via, envelope_to, position('away' in convert_from(raw, 'utf8')) > 0 FROM channels_letter ORDER BY id"
    )


def test_a_letter_for_two_is_one_letter_and_two_answers(house):
    with smtplib.LMTP(str(house.socket)) as client:
        client.ehlo()
        client.putcmd("MAIL FROM:<c@client.example>")
        assert client.getreply()[0] == 250
        for each in (DESK, "other@desk.example"):
            assert client.rcpt(each)[0] == 250
        client.putcmd("DATA")
        assert client.getreply()[0] == 354
        client.send(write().replace(b"\n", b"\r\n") + b"\r\n.\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [250, 250]
        assert client.noop()[0] == 250  # and not one answer more
    assert stored(house)[-1][:2] == ("lmtp", [DESK, "other@desk.example"])


def test_smtps_greetings_are_not_lmtp(house):
    with smtplib.LMTP(str(house.socket)) as client:
        assert client.docmd("EHLO x")[0] == 500
        assert client.docmd("HELO x")[0] == 500
        assert client.docmd("LHLO x")[0] == 250


def test_while_the_database_is_away_each_recipient_is_told(house):
    backends = psutil.Process(house.running["postgres"].pid).children()
    house.kill("postgres")
    psutil.wait_procs(backends, 30)
    with smtplib.LMTP(str(house.socket), timeout=60) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("c@client.example", [DESK], write("away"))
    assert refused.value.smtp_code == 451
    house.start_postgres()
    with smtplib.LMTP(str(house.socket), timeout=60) as client:
        client.sendmail("c@client.example", [DESK], write("away"))
    assert [row[2] for row in stored(house)].count(True) == 1


def test_a_socket_that_was_left_is_taken_over(house):
    house.kill("mail")
    assert Path(house.socket).exists()
    house.start("mail", "mail", "--lmtp", str(house.socket))
    house.until(house.listens)
    with smtplib.LMTP(str(house.socket)) as client:
        assert client.noop()[0] == 250


def test_nobody_from_outside_comes_in():
    """Whoever may bring letters here is believed about their senders."""
    door = LocalDoor.__new__(LocalDoor)
    door.house, door.source = Hall(), "203.0.113.9"
    assert not door._enter()
    door.source = ""
    assert door._enter()
