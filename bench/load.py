"""Letters without end while the desk is in use: whether any is lost, whether memory grows, whether the inbox stays quick.

python -m bench.load [--seconds 60] [--rate 200] [--conversations 2000] [--rest 0] [--backlog N] [--read] [--json]

The whole desk runs as `evenhand up` starts it. Letters are due at fixed moments and sent when they are due, whatever became
of the ones before, so that a desk that falls behind is seen and not waited for. One agent looks at the inbox all the while,
once more as soon as it is there (or after `--rest` seconds, when the processor has gone to sleep meanwhile), another takes who is next, opens what they wrote and answers it. `--backlog` puts so many letters there, unread, before the
first one comes; `--read` waits at the end until every letter is read.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click

from .acts import WORDS
from .building import build
from .client import Client
from .desk import Desk
from .letters import DESK, bring, letter
from .note import note
from .row import tell

SENDERS = 20
BYTES = 4000
TOGETHER = 500  # of a backlog, in one transaction
SAMPLE = 2.0  # seconds between two looks at the memory
PARTS = ("mail", "work", "web")
PATIENCE = 4 * 3600  # seconds until every letter is read
COUNTED = """
    SELECT count(*), count(*) FILTER (WHERE outcome = ''), count(*) FILTER (WHERE outcome = 'stored'),
        count(*) FILTER (WHERE outcome = 'duplicate'), count(*) FILTER (WHERE outcome = 'quarantined'),
        count(*) FILTER (WHERE outcome NOT IN ('', 'stored', 'duplicate', 'quarantined')), count(DISTINCT sha256),
        (SELECT coalesce(sum(count), 0) FROM channels_tally WHERE what = 'fetched'),
        (SELECT count(*) FROM conversations_conversation),
        (SELECT count(*) FROM conversations_message WHERE kind = 'agent')
    FROM channels_letter
"""
NAMES = (
    "stored", "unread", "became_conversations", "duplicates", "quarantined", "other", "distinct",
    "fetched_by_the_tally", "conversations", "answers",
)  # fmt: skip


class Agent(threading.Thread):
    """Somebody at the desk, who does the same again and again."""

    def __init__(self, client: Client, rest: float) -> None:
        super().__init__(daemon=True)
        self.client, self.rest, self.failed, self.ending = client, rest, 0, threading.Event()
        self.times: list[float] = []

    def run(self) -> None:
        while not self.ending.wait(self.rest):
            begin = time.perf_counter()
            good = self.act()
            self.times.append((time.perf_counter() - begin) * 1000)
            self.failed += not good

    def act(self) -> bool:
        return self.client.get("/desk/open/").status == 200

    def percentile(self, percent: int) -> float:
        times = sorted(self.times) or [0.0]
        return round(times[len(times) * percent // 100], 1)


class Answering(Agent):
    """Somebody who takes who is next, opens it and answers."""

    def act(self) -> bool:
        taken = self.client.post("/desk/next/", {})
        if taken.status != 302 or "/desk/c/" not in taken.location:
            return False
        page = taken.location.partition("?")[0]
        opened = self.client.get(page).status == 200
        form = {"words": WORDS, "format": "text", "seen": str(2**40)}
        return opened and self.client.post(f"{page}reply", form).status == 302


def press(port: int, rate: int, seconds: int, first: int) -> tuple[int, int, float]:
    """What `bringing` says, done by a process of its own: within ours it would hold up the one that looks at the inbox."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(bring_on_time, port, rate, seconds, first).result()


def bring_on_time(port: int, rate: int, seconds: int, first: int) -> tuple[int, int, float]:
    return asyncio.run(bringing(port, rate, seconds, first))


async def bringing(port: int, rate: int, seconds: int, first: int) -> tuple[int, int, float]:
    """(accepted, tries, seconds it took): each sender brings its share, a second's worth at a time, on one connection."""
    begin = time.perf_counter()

    async def send(sender: int) -> tuple[int, int]:
        accepted = tries = 0
        for second in range(seconds):
            await asyncio.sleep(max(0.0, begin + second + sender / SENDERS - time.perf_counter()))
            numbers = range(first + second * rate + sender, first + (second + 1) * rate, SENDERS)
            share = [letter(n, BYTES) for n in numbers]
            accepted, tries = accepted + await bring(port, share), tries + len(share)
        return accepted, tries

    done = await asyncio.gather(*(send(sender) for sender in range(SENDERS)))
    return sum(each[0] for each in done), sum(each[1] for each in done), time.perf_counter() - begin


class Memory(threading.Thread):
    """MiB of each part, again and again; what several processes share is divided among them (PSS)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(daemon=True)
        self.desk, self.ending = desk, threading.Event()
        self.sizes: dict[str, list[float]] = {part: [] for part in PARTS}

    def run(self) -> None:
        while not self.ending.wait(SAMPLE):
            sizes = self.desk.memory()
            for part in PARTS:
                self.sizes[part].append(sizes[part])

    def third(self, part: str, which: int) -> float:
        sizes = self.sizes[part]
        size = max(1, len(sizes) // 3)
        some = sizes[which * size : (which + 1) * size] or sizes or [0.0]
        return round(sum(some) / len(some), 1)


def measure(desk: Desk, seconds: int, rate: int, rest: float, backlog: int, read: bool) -> dict[str, object]:
    quiet = Agent(desk.sign_in(1), rest)
    quiet.start()
    time.sleep(5)
    quiet.ending.set()
    if backlog:
        keep(backlog)
    before = counted(desk)
    looking, answering, memory = Agent(desk.sign_in(2), rest), Answering(desk.sign_in(3), 1.0), Memory(desk)
    cpu = {part: desk.cpu(part) for part in (*PARTS, "postgres")}
    for each in (looking, answering, memory):
        each.start()
    accepted, tries, took = press(desk.smtp, rate, seconds, backlog)
    for each in (looking, answering, memory):
        each.ending.set()
        each.join(60)
    spent = {part: desk.cpu(part) - cpu[part] for part in cpu}
    at_once = counted(desk)
    if read:
        wait_until_read(desk)
    end = counted(desk)
    after = {name: end[name] - before[name] for name in end}
    came, unread = after["stored"], end["unread"]
    outcomes = sum(after[name] for name in ("became_conversations", "duplicates", "quarantined", "other"))
    return {
        "letters_brought": tries, "accepted": accepted, "stored": came, "lost": accepted - came,
        "twice": came - after["distinct"], "fetched_by_the_tally": after["fetched_by_the_tally"],
        "became_conversations": after["became_conversations"], "conversations_more": after["conversations"],
        "duplicates": after["duplicates"], "quarantined": after["quarantined"], "other": after["other"], "unread": unread,
        "adds_up": accepted == came == after["fetched_by_the_tally"] == outcomes + unread - before["unread"]
        and after["conversations"] == after["became_conversations"] + after["quarantined"],
        "seconds": round(took, 1), "accepted_per_second": round(accepted / took, 1),
        "read_meanwhile": came - at_once["unread"] + before["unread"],
        **{f"{part}_mib_{name}_third": memory.third(part, which)
           for part in PARTS for name, which in (("first", 0), ("last", 2))},
        **{f"cpu_seconds_{part}": round(spent[part], 1) for part in spent},
        "inbox_ms_p50_quiet": quiet.percentile(50), "inbox_ms_p95_quiet": quiet.percentile(95),
        "inbox_ms_p50_under_load": looking.percentile(50), "inbox_ms_p95_under_load": looking.percentile(95),
        "inbox_looks": len(looking.times), "inbox_failed": looking.failed,
        "next_and_answer_ms_p50": answering.percentile(50), "next_and_answer_ms_p95": answering.percentile(95),
        "answers": after["answers"], "answers_failed": answering.failed,
    }  # fmt: skip


def keep(backlog: int) -> None:
    """Letters that nobody has been told to read."""
    from evenhand.channels.letter import Arrival, Letter

    for start in range(0, backlog, TOGETHER):
        some = range(start, min(start + TOGETHER, backlog))
        Letter.keep_all([Arrival(letter(n, BYTES), "smtp", "", (DESK,)) for n in some], wakes=False)
    note(f"{backlog:,} letters lie there")


def wait_until_read(desk: Desk) -> None:
    deadline = time.monotonic() + PATIENCE
    while (unread := counted(desk)["unread"]) and time.monotonic() < deadline:
        note(f"{unread:,} letters are to be read")
        time.sleep(10)


def counted(desk: Desk) -> dict[str, int]:
    """What there is of everything that has to add up."""
    with desk.database() as connection:
        row = connection.execute(COUNTED).fetchone()
    return dict(zip(NAMES, map(int, row or ()), strict=True))


@click.command()
@click.option("--seconds", default=60, show_default=True)
@click.option("--rate", default=200, show_default=True, help="Letters a second.")
@click.option("--conversations", default=2_000, show_default=True, help="That the desk has already.")
@click.option("--rest", default=0.0, show_default=True, help="Seconds between two looks at the inbox.")
@click.option("--backlog", default=0, help="Letters that lie there unread before.")
@click.option("--read", is_flag=True, help="Wait at the end until every letter is read.")
@click.option("--json", "as_json", is_flag=True)
def main(seconds: int, rate: int, conversations: int, rest: float, backlog: int, read: bool, as_json: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="evenhand-load-") as directory:
        build(Path(directory), conversations)
        with Desk(Path(directory)) as desk:
            desk.open_django()
            row = measure(desk, seconds, rate, rest, backlog, read)
    tell(row, as_json)


if __name__ == "__main__":
    main()
