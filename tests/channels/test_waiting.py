"""The database away, the disk full, the clock wrong, a setting malformed: letters wait at the door, and all arrive after.

Real processes and a real disk limit; each test prints the count that proves it.
"""

from __future__ import annotations

import errno
import smtplib
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage

import psutil
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from evenhand.channels import imap, reader
from evenhand.channels.models import Folder, Letter, Outgoing
from tests.dovecot import Dovecot

from .house import House
from .post import DESK, arrive, write


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as made:
        made.start("mail", "mail")
        made.until(made.listens)
        yield made


def bring(house: House, raws: Iterable[bytes]) -> tuple[list[bytes], set[int]]:
    """(those that were not accepted, every code that was answered)."""
    left, codes = [], set()
    for raw in raws:
        code = 0
        with suppress(OSError), smtplib.SMTP("127.0.0.1", house.smtp, timeout=30) as client:
            try:
                client.sendmail("c@client.example", [DESK], raw)
                code = 250
            except smtplib.SMTPResponseException as error:
                code = error.smtp_code
        codes.add(code)
        if code != 250:
            left.append(raw)
    return left, codes


def stored(house: House) -> int:
    return int(str(house.ask("SELECT count(*) FROM channels_letter")[0][0]))


def everything_is_there(house: House, count: int, before: int) -> None:
    assert stored(house) - before == count
    assert house.ask("SELECT count(*), count(DISTINCT sha256) FROM channels_letter") == [(stored(house),) * 2]


def test_while_the_database_is_away_letters_wait_with_who_sends_them(house):
    raws, before = [write(f"away {n}") for n in range(20)], stored(house)
    left, codes = bring(house, raws[:5])
    assert (left, codes) == ([], {250})
    backends = psutil.Process(house.running["postgres"].pid).children()
    house.kill("postgres")
    psutil.wait_procs(backends, 30)  # they outlive it by a moment, in which they still store, and rightly say so
    left, codes = bring(house, raws[5:])
    assert (len(left), codes) == (15, {451})
    house.start_postgres()
    tries = 0
    while left:  # as a mail server does, only sooner
        left, _ = bring(house, left)
        tries += 1
        assert tries < 20
    everything_is_there(house, 20, before)
    print("20 letters, 15 refused with 451 while the database was away: 20 stored")


def allow(house: House, size: str) -> None:
    """How large a file of PostgreSQL may grow: a disk that is full, or has room again. As PostgreSQL's own user, who may."""
    postmaster = psutil.Process(house.running["postgres"].pid)
    for process in (postmaster, *postmaster.children()):
        limit = ["prlimit", f"--pid={process.pid}", f"--fsize={size}:"]
        subprocess.run(limit, user=house.postgres.user, group=house.postgres.user, check=False, cwd="/")


def test_while_the_disk_is_full_letters_wait_with_who_sends_them(house):
    """No file may grow past one size: PostgreSQL is told so by the kernel, as it is of a full disk."""
    before, raws = stored(house), [write(f"full {n} " + noise(n)) for n in range(80)]
    largest = 16 * 2**20  # of its journal, whose files are that large already
    allow(house, str(largest + 2**20))
    left, codes = bring(house, raws)
    assert codes == {250, 451}
    assert 0 < len(left) < 80
    assert stored(house) - before == 80 - len(left)  # what was accepted is there, and nothing else
    allow(house, "unlimited")
    refused, (left, codes) = len(left), bring(house, left)
    assert (left, codes) == ([], {250})
    everything_is_there(house, 80, before)
    print(f"80 letters, {refused} refused with 451 while the disk was full: 80 stored")


def noise(number: int) -> str:
    """300 kB that cannot be compressed."""
    import random

    return random.Random(number).randbytes(150_000).hex()


@pytest.mark.parametrize("setting", ["EVENHAND_LETTER_BYTES=lots", "EVENHAND_IMAP=imaps://", "EVENHAND_ADDRESS=nobody"])
def test_a_malformed_setting_stops_the_start_and_the_letters_wait(house, setting):
    name, value = setting.split("=")
    before = stored(house)
    house.kill("mail")
    raws = [write(f"{setting} {n}") for n in range(3)]
    house.environment[name] = value
    house.start("mail", "mail")
    assert house.running.pop("mail").wait(60) == 1
    assert name in (house.directory / "log").read_text()
    left, codes = bring(house, raws)
    assert (len(left), codes) == (3, {0})  # nobody is at the door: the sender keeps them
    del house.environment[name]
    house.start("mail", "mail")
    house.until(house.listens)
    assert bring(house, left) == ([], {250})
    everything_is_there(house, 3, before)


def with_a_file() -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "mira@lumen.example", DESK, "See the file"
    letter.set_content("It is in the file.")
    letter.add_attachment(b"words", maintype="text", subtype="plain", filename="words.txt")
    return letter.as_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_without_room_for_files_is_not_the_letters_fault(mailbox, monkeypatch, number):
    """It is not given up after three tries, as a letter would be that ends its reader."""

    def full(*_: object, **__: object) -> str:
        raise OSError(number, "no room")

    monkeypatch.setattr(default_storage, "save", full)
    letter = Letter.keep(with_a_file(), "smtp", "", [DESK])
    for _ in range(5):
        with pytest.raises(OSError, match="no room"):
            reader.read_all()
    letter.refresh_from_db()
    assert (letter.outcome, letter.tries) == ("", 0)
    monkeypatch.undo()
    reader.read_all()
    letter.refresh_from_db()
    assert letter.outcome == "stored"
    assert letter.message.attachments.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_loses_and_delays_nothing(mailbox, monkeypatch, jump):
    """Forward for a while, then right again; and the other way round."""
    with Dovecot() as dovecot:
        where, real = imap.Where.of(dovecot.url("help")), timezone.now
        imap.fetch(where)
        monkeypatch.setattr(timezone, "now", lambda: real() + jump)
        dovecot.deliver("help", [write("while it was wrong")])
        Folder.objects.update(next_try_at=real())
        imap.fetch(where)
        Folder.objects.get().failed("while it was wrong")
        assert arrive(write("by SMTP while it was wrong")).outcome == "stored"
        monkeypatch.undo()
        dovecot.deliver("help", [write("afterwards")])
        if jump < timedelta(0):
            Folder.objects.update(uidvalidity=1)  # and the server renumbers
        imap.fetch(where)
        assert arrive(write("by SMTP afterwards")).outcome == "stored"
    reader.read_all()
    outcomes = list(Letter.objects.values_list("outcome", flat=True))
    assert outcomes.count("stored") == 4
    assert set(outcomes) <= {"stored", "duplicate"}
    assert Letter.account()[0]["adds_up"]
    assert Outgoing.objects.filter(kind="ack").count() >= 1
