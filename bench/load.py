"""Letters without end while the desk is in use: whether any is lost, whether memory grows, whether the inbox stays quick.

python -m bench.load [--seconds 60] [--rate 200] [--conversations 2000] [--json]

The whole desk runs as `evenhand up` starts it. Letters are due at fixed moments and sent when they are due, whatever became
of the ones before, so that a desk that falls behind is seen and not waited for.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from pathlib import Path

import click

from .building import build
from .client import Client
from .desk import Desk
from .letters import bring, letter
from .row import tell

SENDERS = 20
BYTES = 4000
SAMPLE = 2.0  # seconds between two looks at the memory


class Agent(threading.Thread):
    """Somebody at the desk, who looks at the inbox again and again."""

    def __init__(self, client: Client) -> None:
        super().__init__(daemon=True)
        self.client, self.failed, self.ending = client, 0, threading.Event()
        self.times: list[float] = []

    def run(self) -> None:
        while not self.ending.wait(0.2):
            begin = time.perf_counter()
            status = self.client.get("/desk/open/").status
            self.times.append((time.perf_counter() - begin) * 1000)
            self.failed += status != 200

    def percentiles(self) -> tuple[float, float]:
        times = sorted(self.times)
        return round(times[len(times) // 2], 1), round(times[len(times) * 95 // 100], 1)


async def press(port: int, rate: int, seconds: int) -> tuple[int, int, float]:
    """(accepted, tries, seconds it took): each sender brings its share, a second's worth at a time, on one connection."""
    begin = time.perf_counter()

    async def send(sender: int) -> tuple[int, int]:
        accepted = tries = 0
        for second in range(seconds):
            await asyncio.sleep(max(0.0, begin + second + sender / SENDERS - time.perf_counter()))
            share = [letter(n, BYTES) for n in range(second * rate + sender, (second + 1) * rate, SENDERS)]
            accepted, tries = accepted + await bring(port, share), tries + len(share)
        return accepted, tries

    done = await asyncio.gather(*(send(sender) for sender in range(SENDERS)))
    return sum(each[0] for each in done), sum(each[1] for each in done), time.perf_counter() - begin


class Memory(threading.Thread):
    """MiB of the mail process, again and again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(daemon=True)
        self.desk, self.ending = desk, threading.Event()
        self.sizes: list[float] = []

    def run(self) -> None:
        while not self.ending.wait(SAMPLE):
            self.sizes.append(sum(each.memory_info().rss for each in self.desk.processes("mail")) / 2**20)

    def third(self, which: int) -> float:
        size = max(1, len(self.sizes) // 3)
        part = self.sizes[which * size : (which + 1) * size] or self.sizes
        return round(sum(part) / len(part), 1)


def measure(desk: Desk, seconds: int, rate: int) -> dict[str, object]:
    quiet = Agent(desk.sign_in(1))
    quiet.start()
    time.sleep(5)
    quiet.ending.set()
    before = count(desk, "SELECT count(*) FROM channels_letter")
    busy, memory = Agent(desk.sign_in(2)), Memory(desk)
    busy.start()
    memory.start()
    accepted, tries, took = asyncio.run(press(desk.smtp, rate, seconds))
    busy.ending.set()
    memory.ending.set()
    stored = count(desk, "SELECT count(*) FROM channels_letter") - before
    distinct = count(desk, "SELECT count(DISTINCT sha256) FROM channels_letter WHERE via = 'smtp'")
    unread = count(desk, "SELECT count(*) FROM channels_letter WHERE outcome = ''")
    fetched = count(desk, "SELECT coalesce(sum(count), 0) FROM channels_tally WHERE what = 'fetched'")
    (p50, p95), (quiet50, quiet95) = busy.percentiles(), quiet.percentiles()
    return {
        "letters_brought": tries, "accepted": accepted, "stored": stored, "lost": accepted - stored,
        "distinct": distinct, "fetched_by_the_tally": fetched, "seconds": round(took, 1),
        "accepted_per_second": round(accepted / took, 1), "read_meanwhile": stored - unread,
        "mail_mib_first_third": memory.third(0), "mail_mib_last_third": memory.third(2),
        "inbox_ms_p50_quiet": quiet50, "inbox_ms_p95_quiet": quiet95, "inbox_ms_p50_under_load": p50,
        "inbox_ms_p95_under_load": p95, "inbox_looks": len(busy.times), "inbox_failed": busy.failed,
    }  # fmt: skip


def count(desk: Desk, question: str) -> int:
    with desk.database() as connection:
        return int(connection.execute(question).fetchone()[0])  # type: ignore[index,arg-type]


@click.command()
@click.option("--seconds", default=60, show_default=True)
@click.option("--rate", default=200, show_default=True, help="Letters a second.")
@click.option("--conversations", default=2_000, show_default=True, help="That the desk has already.")
@click.option("--json", "as_json", is_flag=True)
def main(seconds: int, rate: int, conversations: int, as_json: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="evenhand-load-") as directory:
        build(Path(directory), conversations)
        with Desk(Path(directory)) as desk:
            desk.open_django()
            row = measure(desk, seconds, rate)
    tell(row, as_json)


if __name__ == "__main__":
    main()
