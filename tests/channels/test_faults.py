"""Worker, mail process and PostgreSQL are killed at random moments while letters arrive and answers leave.

Then everything is counted: nothing is lost, and nothing is there twice but what SMTP cannot rule out, which says so.
"""

from __future__ import annotations

import os
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress

import psycopg
import pytest

from .house import PATIENCE, House
from .post import DESK, write
from .server import Postbox, postbox

KILLS = int(os.environ.get("EVENHAND_TEST_KILLS", "10"))
SENDERS = 3
LETTERS = 10 * KILLS  # of each sender: however fast the machine, what is left to read at the end is read in time


class Sender(threading.Thread):
    """A mail server that brings letters one after the other, each again and again until it is accepted."""

    def __init__(self, house: House, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.house, self.number, self.stop, self.accepted, self.tries = house, number, stop, 0, 0

    def run(self) -> None:
        while not self.stop.is_set() and self.accepted < LETTERS:
            name = f"{self.number}-{self.accepted}"
            raw = write(
                f"This is letter {name}.", sender=f"c{name}@client.example", message_id=f"<{name}@client.example>"
            )
            while not self._accepted(raw):
                time.sleep(0.05)
            self.accepted += 1

    def _accepted(self, raw: bytes) -> bool:
        self.tries += 1
        with suppress(OSError, smtplib.SMTPException):
            with smtplib.SMTP("127.0.0.1", self.house.smtp, timeout=60) as client:
                client.sendmail("c@client.example", [DESK], raw)
            return True
        return False


def agent_who_answers(house: House) -> None:
    """Ada, made by the command, and the process in which she answers."""
    house.start("agent", "agent", "add", "ada@desk.example", "--name", "Ada")
    assert house.running.pop("agent").wait() == 0
    environment = {**os.environ, **house.environment, "EVENHAND_DATABASE_URL": house.url, "EVENHAND_DATA": str(house.directory),
                   "DJANGO_SETTINGS_MODULE": "evenhand.settings"}  # fmt: skip
    house.running["ada"] = subprocess.Popen(
        [sys.executable, "-m", "tests.channels.replier"], env=environment, stdout=house.log, stderr=house.log
    )


def keep_alive(house: House) -> None:
    """What the supervisor does for a part that died."""
    for name in ("mail", "work"):
        if name not in house.running or house.running[name].poll() is not None:
            house.start(name, name)


def accepted(senders: list[Sender]) -> int:
    return sum(sender.accepted for sender in senders)


def more_came(house: House, senders: list[Sender], goal: int) -> bool:
    """Whether so many letters are accepted, or all there are. What ended with its database is started meanwhile."""
    keep_alive(house)
    return accepted(senders) >= min(goal, len(senders) * LETTERS)


def havoc(house: House, senders: list[Sender], chance: random.Random) -> Counter[str]:
    """Kill something every so often, and put it back a moment later. Every other time some letters come between, as
    long as that takes; else what is killed may still be on its way up, on a slow machine every time."""
    kills: Counter[str] = Counter()
    while kills.total() < KILLS:
        if kills.total() % 2 == 0:
            goal = accepted(senders) + len(senders)
            house.until(lambda goal=goal: more_came(house, senders, goal))  # type: ignore[misc]
        time.sleep(chance.uniform(0.2, 1.2))
        victim = chance.choice(["mail", "work", "work", "postgres"])
        house.kill(victim)
        kills[victim] += 1
        time.sleep(chance.uniform(0, 0.3))
        if victim == "postgres":
            house.start_postgres()
        keep_alive(house)
    keep_alive(house)
    return kills


def settled(house: House) -> bool:
    """Whether nothing waits: every letter read, every answer sent."""
    keep_alive(house)
    unread, unanswered, unsent = house.ask(
        """SELECT (SELECT count(*) FROM channels_letter WHERE outcome = ''),
                  (SELECT count(*) FROM conversations_conversation WHERE first_replied_at IS NULL),
                  (SELECT count(*) FROM conversations_message WHERE kind = 'agent' AND sent_at IS NULL)
                  + (SELECT count(*) FROM channels_outgoing WHERE sent_at IS NULL)"""
    )[0]
    return (unread, unanswered, unsent) == (0, 0, 0)


def check_letters(house: House, senders: list[Sender]) -> None:
    wanted = {f"This is letter {sender.number}-{number}." for sender in senders for number in range(sender.accepted)}
    said = [
        str(text).strip() for (text,) in house.ask("SELECT text FROM conversations_message WHERE kind = 'customer'")
    ]
    assert [text for text, count in Counter(said).items() if count > 1] == []
    assert wanted - set(said) == set()
    doubled = house.ask(
        "SELECT sha256 FROM channels_letter WHERE outcome <> 'duplicate' GROUP BY sha256 HAVING count(*) > 1"
    )
    assert doubled == []
    assert house.ask("SELECT count(*) FROM channels_letter WHERE outcome = 'quarantined'") == [(0,)]
    sums = house.ask(
        "SELECT sum(count) FILTER (WHERE what = 'fetched'), sum(count) FILTER (WHERE what <> 'fetched') FROM channels_tally"
    )
    letters = house.ask("SELECT count(*) FROM channels_letter")[0][0]
    assert sums == [(letters, letters)]


def check_answers(house: House, box: Postbox) -> int:
    """How many letters arrived more than once: each of them is known to us."""
    made = {str(rfc_id) for (rfc_id,) in house.ask("SELECT rfc_id FROM channels_outgoing")}
    again = {
        str(rfc_id) for (rfc_id,) in house.ask("SELECT rfc_id FROM channels_outgoing WHERE answer LIKE 'Sent again%'")
    }
    arrived = Counter(str(mail["Message-ID"]).strip("<>") for mail in box.mail())
    assert set(arrived) == made
    assert {each for each, count in arrived.items() if count > 1} <= again
    replies = house.ask(
        "SELECT count(*), count(DISTINCT m.conversation_id), count(o.id) FROM conversations_message m "
        "LEFT JOIN channels_outgoing o ON o.message_id = m.id WHERE m.kind = 'agent'"
    )[0]
    conversations = house.ask("SELECT count(*) FROM conversations_conversation")[0][0]
    acknowledgements = house.ask("SELECT count(*) FROM channels_outgoing WHERE kind = 'ack'")[0][0]
    assert replies == (conversations, conversations, conversations)
    assert acknowledgements == conversations
    return sum(count - 1 for count in arrived.values())


@pytest.mark.timeout(900)  # it takes as long as the machine needs
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled():
    seed = random.randrange(10**6)
    with postbox() as box, House(EVENHAND_OUTBOUND=box.url, EVENHAND_DOMAIN_A_MINUTE="0") as house:
        keep_alive(house)
        house.until(house.listens)
        agent_who_answers(house)
        stop = threading.Event()
        senders = [Sender(house, number, stop) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        kills = havoc(house, senders, random.Random(seed))
        stop.set()
        for sender in senders:
            sender.join(PATIENCE)
        assert not any(sender.is_alive() for sender in senders)
        # One more letter and one more answer: their jobs do what the jobs of the dead left undone.
        last = Sender(house, SENDERS, threading.Event())
        house.until(lambda: last._accepted(write("This is letter last.", sender="last@client.example")))
        house.until(lambda: settled(house))
        check_letters(house, senders)
        doubled = check_answers(house, box)
        print(f"seed {seed}: killed {dict(kills)}; {accepted(senders)} letters accepted in {sum(s.tries for s in senders)} tries; "
              f"{len(box.letters)} letters sent, {doubled} of them twice, each noted")  # fmt: skip
        assert accepted(senders) > KILLS


QUESTIONS = """INSERT INTO channels_question (once, asked_at, email, name, subject, text, need, reads, files, problem, tries)
    SELECT 'form' || n, now(), 'c' || n % 20 || '@client.example', '', 'Question ' || n, 'This is question ' || n || '.',
        'question', '', false, '', 0 FROM generate_series(1, 80) AS n"""


@pytest.mark.timeout(900)  # it takes as long as the machine needs
def test_questions_are_begun_once_however_often_a_worker_is_killed():
    chance = random.Random()
    with House() as house:

        def begun() -> int:
            return int(str(house.ask("SELECT count(*) FROM channels_question WHERE begun_at IS NOT NULL")[0][0]))

        with psycopg.connect(house.url, autocommit=True) as connection:
            connection.execute(QUESTIONS)
        for kill in range(1, 4):  # in the middle of a third, of half, and of nearly all
            house.start("work", "work")
            house.until(lambda kill=kill: begun() >= 20 * kill)
            time.sleep(chance.uniform(0, 0.05))
            house.kill("work")
        house.start("work", "work")
        house.until(lambda: begun() == 80)
        questions = house.ask("SELECT count(DISTINCT conversation_id) FROM channels_question")[0][0]
        texts = house.ask("SELECT count(*), count(DISTINCT text) FROM conversations_message WHERE kind = 'customer'")[0]
        letters = house.ask(
            "SELECT count(*), count(DISTINCT conversation_id) FROM channels_outgoing WHERE kind = 'ack'"
        )[0]
        turns = house.ask("SELECT count(*) FROM line_turn WHERE ended_at IS NULL")[0][0]
        assert (questions, texts, letters, turns) == (80, (80, 80), (80, 80), 80)
