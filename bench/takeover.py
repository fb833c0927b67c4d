"""A mailbox full of old letters is taken over while today's come in: do today's wait?

python -m bench.takeover [--old 100000] [--seconds 60] [--json]

Dovecot holds the old ones, all unread. A letter a second arrives there, and one at the SMTP door; for each is measured when
it is stored and when it is read. Needs Dovecot (`python -m tests.dovecot`).
"""

from __future__ import annotations

import smtplib
import time

import click
import psutil

from tests.channels.house import House
from tests.dovecot import Dovecot

from .letters import DESK, letter
from .note import note
from .row import tell

USER = "help"


def measure(old: int, seconds: int) -> dict[str, object]:
    with Dovecot() as dovecot:
        dovecot.deliver(USER, (letter(n, 1500) for n in range(old)))
        note(f"{old:,} old letters lie there")
        client = dovecot.client(USER)
        client.select_folder("INBOX")  # so that the server's own index is built
        client.logout()
        with House(EVENHAND_IMAP=dovecot.url(USER)) as house:
            house.start("mail", "mail")
            house.start("work", "work")
            house.until(house.listens)
            house.until(lambda: counted(house, "true") > 0, 120)
            brought = [one_each(house, dovecot, old + 2 * n) for n in range(seconds)]
            house.until(lambda: counted(house, f"{numbered(brought)} AND outcome <> ''") == len(brought) * 2, 120)
            memory = psutil.Process(house.running["mail"].pid).memory_info().rss / 2**20
            return {"old": old, "today": len(brought) * 2, **waits(house, brought), "mail_mib": round(memory, 1)}


def one_each(house: House, dovecot: Dovecot, number: int) -> int:
    """Letter `number` at the mailbox, and the next one at the door, a second after the last."""
    begin = time.monotonic()
    dovecot.deliver(USER, [stamped(number)])
    with smtplib.SMTP("127.0.0.1", house.smtp, timeout=30) as client:
        client.sendmail("c@client.example", [DESK], stamped(number + 1))
    time.sleep(max(0.0, begin + 1 - time.monotonic()))
    return number


def stamped(number: int) -> bytes:
    return b"X-Brought: %.6f today-%d-\r\n" % (time.time(), number) + letter(number, 1500)


def numbered(brought: list[int]) -> str:
    return "position('today-'::bytea in raw) > 0 AND position('X-Brought'::bytea in raw) = 1" if brought else "false"


def counted(house: House, which: str) -> int:
    return int(str(house.ask(f"SELECT count(*) FROM channels_letter WHERE {which}")[0][0]))


def waits(house: House, brought: list[int]) -> dict[str, object]:
    """Seconds from arriving to stored and to read, and how many old ones came meanwhile."""
    rows = house.ask(
        f"""SELECT via, extract(epoch FROM received_at) - at, extract(epoch FROM read_at) - at FROM (
            SELECT via, received_at, read_at, substring(convert_from(substring(raw FOR 40), 'SQL_ASCII') FROM '[0-9.]+')::float AS at
            FROM channels_letter WHERE {numbered(brought)}) AS today"""
    )
    found: dict[str, object] = {}
    for via in ("imap", "smtp"):
        stored = sorted(float(str(row[1])) for row in rows if row[0] == via)
        read = sorted(float(str(row[2])) for row in rows if row[0] == via)
        for name, times in (("stored", stored), ("read", read)):
            found[f"{via}_seconds_until_{name}_p50"] = round(times[len(times) // 2], 2)
            found[f"{via}_seconds_until_{name}_worst"] = round(times[-1], 2)
    everything, distinct = house.ask("SELECT count(*), count(DISTINCT sha256) FROM channels_letter")[0]
    return {
        **found,
        "old_fetched_meanwhile": int(str(everything)) - len(rows),
        "doubled": int(str(everything)) - int(str(distinct)),
    }


@click.command()
@click.option("--old", default=100_000, show_default=True)
@click.option("--seconds", default=60, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(old: int, seconds: int, as_json: bool) -> None:
    row = measure(old, seconds)
    tell(row, as_json)


if __name__ == "__main__":
    main()
