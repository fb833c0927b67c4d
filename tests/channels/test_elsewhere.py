"""A mailbox on a real server (Dovecot) that is cut off, slow, restarted and killed: nothing lost, nothing doubled.

EVENHAND_TEST_LETTERS=10000 for the long run of docs/mail.md.
"""

import os
import re
import signal
import threading
import time

import pytest
from django.utils import timezone

from evenhand.channels import imap, reader
from evenhand.channels.imap import rounds as making
from evenhand.channels.imap import taking
from evenhand.channels.models import Folder, Letter, Login
from tests.dovecot import PASSWORD, Dovecot

from .house import House
from .post import write
from .proxy import Line

LETTERS = int(os.environ.get("EVENHAND_TEST_LETTERS", "200"))


@pytest.fixture(scope="module")
def dovecot():
    with Dovecot() as server:
        yield server


@pytest.fixture
def user(dovecot):
    return f"box{time.monotonic_ns()}"


def letters(count: int) -> list[bytes]:
    return [
        write(f"This is letter {n}.", sender=f"c{n}@client.example", message_id=f"<{n}@client.example>")
        for n in range(count)
    ]


def through(line: Line, user: str) -> imap.Where:
    return imap.Where.of(f"imap://{user}:{PASSWORD}@127.0.0.1:{line.port}/INBOX")


def until(holds, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def walking(transactional_db, monkeypatch):
    """The postman, at work in this process."""
    monkeypatch.setattr(making, "NEWS", 0.3)
    started = []

    def start() -> making.Rounds:
        rounds = making.Rounds()
        thread = threading.Thread(target=rounds.run)
        thread.start()
        started.append((rounds, thread))
        return rounds

    yield start
    for rounds, thread in started:
        rounds.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_a_mistake_of_ours_does_not_end_the_rounds(walking, monkeypatch):
    turns, usual = [], making.everywhere

    def everywhere():
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("a mistake")
        return usual()

    monkeypatch.setattr(making, "everywhere", everywhere)
    walking()
    until(lambda: len(turns) > 2)


@pytest.mark.django_db
def test_cut_at_random_bytes_nothing_is_lost_and_nothing_doubled(dovecot, user, mailbox):
    """Half is there before, half comes meanwhile."""
    raws = letters(LETTERS)
    dovecot.deliver(user, raws[: LETTERS // 2])
    with Line(dovecot.port, seed=7, longest=max(40_000, LETTERS * 60)) as line:
        where, tries = through(line, user), 0
        rest = iter(raws[LETTERS // 2 :])
        while Letter.objects.count() < LETTERS:
            dovecot.deliver(user, [raw for _, raw in zip(range(LETTERS // 10), rest, strict=False)])
            imap.fetch(where)
            Folder.objects.update(next_try_at=timezone.now())
            Letter.objects.unread().update(outcome="stored")  # as if read: old letters wait for the reader
            tries += 1
            assert tries < LETTERS * 2
    assert line.cuts > 3
    assert Letter.objects.values("sha256").distinct().count() == Letter.objects.count() == LETTERS
    client = dovecot.client(user)
    imap.fetch(imap.Where.of(dovecot.url(user)))
    client.select_folder("INBOX")
    assert client.search(["UNSEEN"]) == []  # what was stored before a cut is marked after it
    print(f"{LETTERS} letters over a line that was cut {line.cuts} times in {tries} tries: none lost, none doubled")


@pytest.mark.django_db
def test_old_letters_wait_for_todays(dovecot, user, mailbox, monkeypatch):
    """A mailbox that is taken over: what comes now is fetched at once, what lay there in portions, newest first."""
    monkeypatch.setattr(taking, "OLD_AT_ONCE", 5)
    where = imap.Where.of(dovecot.url(user))
    dovecot.deliver(user, letters(12))
    imap.fetch(where)
    assert Letter.objects.count() == 5
    dovecot.deliver(user, [write("today")])
    imap.fetch(where)  # five old ones wait to be read, so no more old ones come
    assert b"today" in bytes(Letter.objects.order_by("-pk").first().raw)
    assert Letter.objects.count() == 6
    order = []
    monkeypatch.setattr(reader, "_read", lambda pk, here, real=reader._read: order.append(pk) or real(pk, here))
    reader.read_all()
    assert order[0] == Letter.objects.latest("pk").pk  # today's, though five came before it
    counts = []
    for _ in range(3):
        imap.fetch(where)
        reader.read_all()
        counts.append(Letter.objects.count())
    assert counts == [11, 13, 13]
    assert Folder.objects.get().old_below == 0
    assert Letter.account()[0]["fetched"] == 13


def login_at(dovecot, user, mailbox, **more) -> Login:
    login = Login(mailbox=mailbox, way="imap", host="127.0.0.1", port=dovecot.port, tls=False, user=user, **more)
    login.password = PASSWORD
    login.save()
    return login


@pytest.fixture
def private(settings):
    settings.EVENHAND_PRIVATE_HOSTS = True


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "unread", "moved"), [("read", 0, 0), ("leave", 3, 0), ("move", 0, 3)])
def test_what_is_done_with_a_letter_that_is_stored(dovecot, user, mailbox, private, after, unread, moved):
    client = dovecot.client(user)
    client.create_folder("Done")
    login = login_at(dovecot, user, mailbox, after=after, moves_to="Done" if after == "move" else "")
    (where,) = imap.Where.each_of(login)
    assert PASSWORD not in repr(where)
    imap.fetch(where)
    dovecot.deliver(user, letters(3))
    assert (imap.fetch(where), imap.fetch(where)) == (3, 0)
    client.select_folder("INBOX")
    assert len(client.search(["UNSEEN"])) == unread
    assert client.select_folder("Done")[b"EXISTS"] == moved
    assert Folder.objects.get().error == ""
    assert Folder.objects.get().login == login
    assert 0 <= Folder.objects.get().lag.total_seconds() < 60


@pytest.mark.django_db
def test_a_folder_to_move_to_that_is_gone_loses_nothing(dovecot, user, mailbox, private):
    login = login_at(dovecot, user, mailbox, after="move", moves_to="Done")
    (where,) = imap.Where.each_of(login)
    imap.fetch(where)
    dovecot.deliver(user, letters(2))
    imap.fetch(where)
    folder = Folder.objects.get()
    assert folder.error.startswith("There is no folder 'Done'")
    assert (Letter.objects.count(), len(folder.unmarked)) == (2, 2)
    dovecot.client(user).create_folder("Done")
    Folder.objects.update(next_try_at=timezone.now())
    imap.fetch(where)
    assert Letter.objects.count() == 2
    assert dovecot.client(user).select_folder("Done")[b"EXISTS"] == 2


@pytest.mark.django_db
def test_a_mailbox_on_a_private_network_is_refused(dovecot, user, mailbox):
    (where,) = imap.Where.each_of(login_at(dovecot, user, mailbox))
    imap.fetch(where)
    assert "private network" in Folder.objects.get().error


def test_a_letter_is_here_within_seconds(dovecot, user, mailbox, settings, walking):
    settings.EVENHAND_IMAP = [dovecot.url(user)]
    walking()
    until(lambda: Folder.objects.filter(last_success_at__isnull=False).exists())
    dovecot.deliver(user, letters(1))
    begin = time.monotonic()
    until(lambda: Letter.objects.count() == 1, 30)  # by polling it would take a minute
    assert time.monotonic() - begin < 20
    dovecot.deliver(user, letters(2)[1:])
    until(lambda: Letter.objects.count() == 2, 30)


def test_the_rounds_go_on_after_the_server_was_killed(dovecot, user, mailbox, settings, walking):
    settings.EVENHAND_IMAP = [dovecot.url(user)]
    dovecot.deliver(user, letters(3))
    walking()
    until(lambda: Letter.objects.count() == 3)
    dovecot.stop(signal.SIGKILL)
    try:
        until(lambda: Folder.objects.filter(failures__gt=0).exists())
    finally:
        dovecot.start()  # the other tests use it, too
    # By which it was noticed is chance: a visit that was under way, or the next one.
    assert re.search(r"was cut off|cannot be reached", Folder.objects.get().error)
    dovecot.deliver(user, letters(5)[3:])
    until(lambda: Letter.objects.count() == 5)
    until(lambda: Folder.objects.get().error == "")
    assert Letter.objects.values("sha256").distinct().count() == 5


def test_a_mailbox_that_is_connected_while_the_desk_runs_is_fetched(dovecot, user, mailbox, private, walking):
    dovecot.deliver(user, letters(1))
    rounds = walking()
    login_at(dovecot, user, mailbox)
    until(lambda: Letter.objects.count() == 1)
    assert Letter.objects.get().mailbox == mailbox
    Login.objects.all().delete()
    until(lambda: not rounds.posts)


def test_a_slow_server_holds_up_no_other(dovecot, user, mailbox, settings, walking):
    with Line(dovecot.port, pause=0.3) as slow:
        settings.EVENHAND_IMAP = [f"imap://slow:{PASSWORD}@127.0.0.1:{slow.port}/INBOX", dovecot.url(user)]
        dovecot.deliver("slow", letters(1))
        dovecot.deliver(user, letters(21)[1:])
        walking()
        until(lambda: Letter.objects.count() >= 20)
        assert not Letter.objects.filter(raw__contains=b"<0@client.example>").exists()
        until(lambda: Letter.objects.count() == 21)


@pytest.mark.timeout(240 + LETTERS // 10)
def test_killed_at_any_moment_nothing_is_fetched_twice_or_never(dovecot, user):
    """The mail process, PostgreSQL and Dovecot, in turn, over a line that cuts."""
    count, patience = LETTERS // 2, 60 + LETTERS // 20
    raws = letters(count)
    with (
        Line(dovecot.port, seed=11, longest=max(30_000, LETTERS * 40)) as line,
        House(EVENHAND_IMAP=through_url(line, user)) as house,
    ):

        def here() -> int:
            return int(house.ask("SELECT count(*) FROM channels_letter")[0][0])

        house.start("mail", "mail")
        house.until(house.listens)
        looked = "SELECT count(*) FROM channels_folder WHERE last_success_at IS NOT NULL"
        house.until(lambda: house.ask(looked) == [(1,)])  # so that all of them are new: nobody reads here
        for n, victim in enumerate(["mail", "dovecot", "postgres", "dovecot"]):
            dovecot.deliver(user, raws[n * count // 4 : (n + 1) * count // 4])
            before = (n * count // 4) + 1
            house.until(lambda before=before: here() >= before, patience)
            if victim == "dovecot":
                dovecot.stop(signal.SIGKILL)
                dovecot.start()
            elif victim == "postgres":
                house.kill("postgres")
                house.start_postgres()
            else:
                house.kill("mail")
                house.start("mail", "mail")
        house.until(lambda: here() >= count, patience)
        total, distinct = house.ask("SELECT count(*), count(DISTINCT sha256) FROM channels_letter")[0]
        sums = house.ask("SELECT sum(count) FROM channels_tally WHERE what = 'fetched'")[0][0]
    assert (total, distinct, sums) == (count, count, count)
    print(f"{count} letters, four kills, {line.cuts} cuts: none lost, none doubled")


def through_url(line: Line, user: str) -> str:
    return f"imap://{user}:{PASSWORD}@127.0.0.1:{line.port}/INBOX"
