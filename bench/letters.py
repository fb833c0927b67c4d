"""Letters a second: taken in by SMTP with each one durable, and then understood.

python -m bench.letters [--letters N] [--senders N] [--size BYTES] [--workers N] [--json]
python -m bench.letters --jobs       how many letters a second a job for each one would allow
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from email.message import EmailMessage

import click
import orjson
import psutil

from tests.channels.house import House

DESK = "support@desk.example"


def letter(number: int, size: int) -> bytes:
    """One of many different letters of about `size` bytes, from one of 300 customers."""
    mail = EmailMessage()
    mail["From"] = f"Customer {number % 300} <customer{number % 300}@client{number % 40}.example>"
    mail["To"] = DESK
    mail["Subject"] = f"Question {number}"
    mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    mail["Message-ID"] = f"<{number}.{os.getpid()}@client.example>"
    sentence = f"We cannot export report {number}; the button does nothing since this morning. "
    mail.set_content("\n".join(sentence for _ in range(max(1, size // 2 // len(sentence)))))
    mail.add_alternative("<p>" + sentence * max(1, size // 2 // len(sentence)) + "</p>", subtype="html")
    return mail.as_bytes().replace(b"\n", b"\r\n")


async def bring(port: int, letters: list[bytes]) -> int:
    """Send letters on one connection, each after the one before was accepted. How many were."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(words: bytes, lines: int = 1) -> bytes:
        writer.write(words)
        answer = b""
        for _ in range(lines):
            while True:
                answer = await reader.readline()
                if answer[3:4] != b"-":
                    break
        return answer

    await say(b"", 1)
    await say(b"EHLO bench\r\n")
    accepted = 0
    for each in letters:
        await say(b"MAIL FROM:<customer@client.example>\r\nRCPT TO:<" + DESK.encode() + b">\r\nDATA\r\n", 3)
        accepted += (await say(each + b"\r\n.\r\n")).startswith(b"250")
    writer.close()
    return accepted


async def bring_all(port: int, letters: list[bytes], senders: int) -> int:
    return sum(await asyncio.gather(*(bring(port, letters[start::senders]) for start in range(senders))))


def measure(count: int, senders: int, size: int, workers: int) -> dict[str, object]:
    letters = [letter(number, size) for number in range(count)]
    with House() as house:
        house.start("mail", "mail")
        house.until(house.listens)
        begin, used = time.perf_counter(), seconds_used(house, "mail")
        accepted = asyncio.run(bring_all(house.smtp, letters, senders))
        taken_in = accepted / (time.perf_counter() - begin)
        door = seconds_used(house, "mail") - used
        stored = house.ask("SELECT count(*) FROM channels_letter")[0][0]
        memory = psutil.Process(house.running["mail"].pid).memory_info().rss
        begin = time.perf_counter()
        for number in range(workers):
            house.start(f"work{number}", "work")
        house.until(lambda: house.ask("SELECT count(*) FROM channels_letter WHERE outcome <> ''")[0][0], 60)
        parts = ("postgres", *(f"work{number}" for number in range(workers)))
        begin, before, used = (
            time.perf_counter(),
            read_so_far(house),
            {each: seconds_used(house, each) for each in parts},
        )
        house.until(lambda: read_so_far(house) == stored, 600)
        spent = {each: seconds_used(house, each) - used[each] for each in parts}
        read = stored - before  # type: ignore[operator]
        understood = read / (time.perf_counter() - begin)
        return {
            "letters": count,
            "bytes_each": sum(map(len, letters)) // count,
            "senders": senders,
            "workers": workers,
            "accepted": accepted,
            "stored": stored,
            "conversations": house.ask("SELECT count(*) FROM conversations_conversation")[0][0],
            "taken_in_per_second": round(taken_in, 1),
            "understood_per_second": round(understood, 1),
            "mail_process_mib": memory // 1024**2,
            "processor_ms_taking_one_in": round(door / accepted * 1000, 2),
            "worker_ms_reading_one": round((sum(spent.values()) - spent["postgres"]) / read * 1000, 1),
            "postgres_ms_reading_one": round(spent["postgres"] / read * 1000, 1),
        }


def seconds_used(house: House, name: str) -> float:
    """Of processor, by a process and those it has started."""
    process = psutil.Process(house.running[name].pid)
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


def read_so_far(house: House) -> int:
    return int(str(house.ask("SELECT count(*) FROM channels_letter WHERE outcome <> ''")[0][0]))


def measure_jobs(count: int, size: int) -> dict[str, object]:
    """What a job costs: storing letters one by one, each with its own, against groups of 20 with one; then doing them."""
    with House() as house:
        os.environ["EVENHAND_DATABASE_URL"] = house.url
        os.environ["EVENHAND_DATA"] = str(house.directory)
        os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.settings"
        import django

        django.setup()
        from evenhand.channels.intake import Arrival
        from evenhand.channels.models import Letter

        arrivals = [Arrival(letter(number, size), "smtp", "", (DESK,)) for number in range(count)]
        Letter.keep_all(arrivals[:1])
        rates: dict[str, object] = {}
        for together in (20, 1):
            begin = time.perf_counter()
            for start in range(0, count, together):
                Letter.keep_all(arrivals[start : start + together])
            rates[f"kept_per_second_with_a_job_for_{together}"] = round(count / (time.perf_counter() - begin), 1)
        # Nothing is left to read, so what the worker takes now is the cost of the jobs themselves.
        Letter.objects.update(outcome=Letter.Outcome.REJECTED)
        jobs = int(str(house.ask("SELECT count(*) FROM procrastinate_jobs")[0][0]))
        spent = seconds_of_worker(house)
        spent -= seconds_of_worker(house)  # with nothing to do: its start
        return {**rates, "jobs": jobs, "milliseconds_of_a_worker_for_each_job": round(spent / jobs * 1000, 1)}


def seconds_of_worker(house: House) -> float:
    """How long `evenhand work --until-done` takes."""
    begin = time.perf_counter()
    house.start("work", "work", "--until-done")
    house.running["work"].wait()
    return time.perf_counter() - begin


@click.command()
@click.option("--letters", default=3000, show_default=True)
@click.option("--senders", default=20, show_default=True, help="At the same time.")
@click.option("--size", default=4000, show_default=True, help="Bytes of a letter, about.")
@click.option("--workers", default=1, show_default=True)
@click.option("--jobs", is_flag=True, help="Compare a job for each letter with a job for many.")
@click.option("--json", "as_json", is_flag=True)
def main(letters: int, senders: int, size: int, workers: int, jobs: bool, as_json: bool) -> None:
    row = measure_jobs(min(letters, 1000), size) if jobs else measure(letters, senders, size, workers)
    if as_json:
        sys.stdout.write(orjson.dumps(row).decode() + "\n")
        return
    for name, value in row.items():
        print(f"{name.replace('_', ' '):45} {value:>12}")


if __name__ == "__main__":
    main()
