"""Many answers leave while what sends them, and the database, are killed at random moments. None is lost, and what
arrives twice is known.

    EVENHAND_TEST_REPLIES=2000 EVENHAND_TEST_KILLS=40 python -m pytest tests/channels/test_replies.py -n 0 -s
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest

from .house import House
from .server import Postbox, postbox
from .test_faults import agent_who_answers

REPLIES = int(os.environ.get("EVENHAND_TEST_REPLIES", "120"))
KILLS = int(os.environ.get("EVENHAND_TEST_KILLS", "10"))  # about so many
JOBS = 4  # of a worker; each has one letter in hand at most
WORKERS = ("work", "work again")


def questions(house: House) -> None:
    environment = {**os.environ, **house.environment, "EVENHAND_DATABASE_URL": house.url, "EVENHAND_DATA": str(house.directory),
                   "DJANGO_SETTINGS_MODULE": "evenhand.settings"}  # fmt: skip
    subprocess.run([sys.executable, "-m", "tests.channels.asker", str(REPLIES)], env=environment, check=True)


def keep_alive(house: House) -> None:
    for name in WORKERS:
        if name not in house.running or house.running[name].poll() is not None:
            house.start(name, "work")


def left(house: House) -> int:
    """How many questions have no answer that was sent."""
    sent = "SELECT count(*) FROM conversations_message WHERE kind = 'agent' AND sent_at IS NOT NULL"
    return REPLIES - int(str(house.ask(sent)[0][0]))


def so_few_left(house: House, goal: int) -> bool:
    """A worker whose database goes away ends a moment later, and is started again as the supervisor would."""
    keep_alive(house)
    return left(house) <= goal


def havoc(house: House, chance: random.Random) -> Counter[str]:
    """Kill something whenever some more have left, a moment after, until all has."""
    kills: Counter[str] = Counter()
    while remaining := left(house):
        goal = max(remaining - chance.randint(1, max(2 * REPLIES // KILLS, 2)), 0)
        house.until(lambda goal=goal: so_few_left(house, goal))  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.3))
        victim = chance.choice([*WORKERS, *WORKERS, "postgres"])
        house.kill(victim)
        kills[victim.split()[0]] += 1
        time.sleep(chance.uniform(0, 0.3))
        if victim == "postgres":
            house.start_postgres()
        keep_alive(house)
    return kills


def doubled(house: House, box: Postbox) -> int:
    """How many arrived twice: each of them says that it may have, and only once for each process that died."""
    made = {str(rfc_id) for (rfc_id,) in house.ask("SELECT rfc_id FROM channels_outgoing")}
    again = {str(each) for (each,) in house.ask("SELECT rfc_id FROM channels_outgoing WHERE answer LIKE 'Sent again%'")}
    arrived = Counter(str(mail["Message-ID"]).strip("<>") for mail in box.mail())
    assert set(arrived) == made
    assert len(made) == REPLIES
    twice = {each for each, count in arrived.items() if count > 1}
    assert twice <= again
    assert len(set(box.letters)) == REPLIES  # the same bytes: mail programs show one letter
    return sum(count - 1 for count in arrived.values())


@pytest.mark.timeout(900 + 2 * REPLIES)
def test_answers_leave_once_however_often_what_sends_them_is_killed():
    seed = random.randrange(10**6)
    limits = {"EVENHAND_DOMAIN_A_MINUTE": "0", "EVENHAND_RECIPIENT_AN_HOUR": "0"}
    with postbox() as box, House(EVENHAND_OUTBOUND=box.url, **limits) as house:
        questions(house)
        keep_alive(house)
        agent_who_answers(house)
        began = time.monotonic()
        kills = havoc(house, random.Random(seed))
        twice = doubled(house, box)
        print(f"seed {seed}: {REPLIES} answers in {time.monotonic() - began:.0f} s, killed {dict(kills)}: "
              f"0 lost, {twice} arrived twice, each noted")  # fmt: skip
        assert kills.total()
        assert twice <= JOBS * kills["work"] + JOBS * len(WORKERS) * kills["postgres"]
