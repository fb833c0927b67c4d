"""Fetching by IMAP, from a real server (pymap)."""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from imapclient import SEEN, IMAPClient

from evenhand.channels import imap
from evenhand.channels.imap import connecting, taking
from evenhand.channels.models import Folder, Letter

from .house import free_port
from .post import write

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    port = free_port()
    program = Path(sys.executable).with_name("pymap")
    process = subprocess.Popen(
        [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict", "--demo-data"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while True:
        try:
            IMAPClient("127.0.0.1", port, ssl=False, timeout=5).logout()
            break
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield port
    process.kill()
    process.wait()


@pytest.fixture
def there(server):
    """Signed in as the owner of the mailbox, with an empty folder selected."""
    client = IMAPClient("127.0.0.1", server, ssl=False, timeout=20)
    client.login("demouser", "demopass")
    name = f"Box{time.monotonic_ns()}"
    client.create_folder(name)
    client.select_folder(name)
    client.name = name
    yield client
    client.logout()


@pytest.fixture
def where(server, there, mailbox):
    return imap.Where.of(f"imap://demouser:demopass@127.0.0.1:{server}/{there.name}")


def put(client, *raws: bytes, flags=()) -> None:
    for raw in raws:
        client.append(client.name, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), flags=flags)
    client.noop()


def unread(client) -> int:
    client.select_folder(client.name)
    return len(client.search(["UNSEEN"]))


def kept() -> list[bytes]:
    return [bytes(raw) for raw in Letter.objects.order_by("pk").values_list("raw", flat=True)]


def test_what_is_unread_comes_first_and_then_what_is_new(where, there):
    old, new, newer = (write(each).replace(b"\n", b"\r\n") for each in ("old", "new", "newer"))
    put(there, old, flags=[SEEN])
    put(there, new)
    assert imap.fetch(where) == 1
    assert kept() == [new]
    put(there, newer)
    assert imap.fetch(where) == 1
    assert imap.fetch(where) == 0
    assert kept() == [new, newer]
    assert unread(there) == 0
    assert Letter.objects.first().via == "imap"
    folder = Folder.objects.get()
    assert (folder.error, folder.failures, folder.last_success_at is not None) == ("", 0, True)
    assert "demopass" not in folder.name + repr(where)


def test_what_is_read_by_somebody_else_is_fetched_all_the_same(where, there):
    imap.fetch(where)
    put(there, write("read on a phone"), flags=[SEEN])
    assert imap.fetch(where) == 1


def test_nothing_is_marked_before_it_is_stored(where, there, monkeypatch):
    put(there, write("one"), write("two"))

    def away(*_: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(Letter, "keep_all", away)
    assert imap.fetch(where) == 0
    assert unread(there) == 2
    folder = Folder.objects.get()
    assert (folder.failures, "the database is away" in folder.error) == (1, True)
    monkeypatch.undo()
    Folder.objects.update(next_try_at=timezone.now())
    assert imap.fetch(where) == 2


def test_cut_off_after_storing_nothing_is_fetched_twice(where, there, monkeypatch):
    imap.fetch(where)
    put(there, *(write(f"Letter {number}") for number in range(45)))
    marked = []

    def cut(self: IMAPClient, uids: list[int], *_: object, **__: object) -> None:
        marked.append(uids)
        if len(marked) == 2:
            raise OSError("connection cut")

    monkeypatch.setattr(IMAPClient, "add_flags", cut)
    assert imap.fetch(where) == 0
    assert Letter.objects.count() == 40
    monkeypatch.undo()
    Folder.objects.update(next_try_at=timezone.now())
    assert imap.fetch(where) == 5
    assert Letter.objects.values("sha256").distinct().count() == Letter.objects.count() == 45


def test_a_server_that_renumbers_loses_and_doubles_nothing(where, there):
    put(there, write("one"))
    imap.fetch(where)
    put(there, write("two"))
    Folder.objects.update(uidvalidity=1, last_uid=900)
    assert imap.fetch(where) == 2
    from evenhand.channels import reader

    reader.read_all()
    outcomes = sorted(Letter.objects.values_list("outcome", flat=True))
    assert outcomes == ["duplicate", "stored", "stored"]
    assert Letter.account()[0]["adds_up"]
    put(there, write("three"))
    assert imap.fetch(where) == 1


def test_what_is_wrong_is_said_and_tried_ever_more_rarely(server, mailbox):
    where = imap.Where.of(f"imap://demouser:wrong@127.0.0.1:{server}/INBOX")
    waits = []
    for _ in range(7):
        Folder.objects.update(next_try_at=timezone.now())
        imap.fetch(where)
        waits.append(round((Folder.objects.get().next_try_at - timezone.now()).total_seconds() / 60))
    assert Folder.objects.get().error == "127.0.0.1 refuses the user name or the password."
    assert waits == [1, 3, 9, 27, 30, 30, 30]
    assert imap.fetch(where) == 0
    assert Folder.objects.get().failures == 7


def test_a_folder_or_server_that_is_not_there(server, mailbox):
    imap.fetch(imap.Where.of(f"imap://demouser:demopass@127.0.0.1:{server}/Nowhere"))
    imap.fetch(imap.Where.of("imaps://a:b@127.0.0.1:1/INBOX"))
    errors = sorted(Folder.objects.values_list("error", flat=True))
    assert errors[0] == "127.0.0.1 cannot be reached on port 1: nothing listens there."
    assert errors[1].startswith("There is no folder 'Nowhere'. There are: INBOX")


def test_a_password_goes_in_the_clear_to_nobody_but_this_machine(monkeypatch):
    said = []

    class Plain:
        def __init__(self, *_: object, **__: object) -> None: ...

        def starttls(self, context: object) -> None:
            said.append("starttls")
            raise OSError("no TLS here")

        def login(self, *_: object) -> None:
            said.append("login")

        def shutdown(self) -> None:
            said.append("closed")

    monkeypatch.setattr(connecting, "IMAPClient", Plain)
    with pytest.raises(OSError, match="no TLS"):
        imap.connected(imap.Where.of("imap://a:b@mail.example/"))
    assert said == ["starttls", "closed"]


def test_addresses():
    where = imap.Where.of("imaps://me%40x.example:p%2Fw@mail.example/Support%20Mail")
    assert (where.host, where.port, where.user, where.password, where.folder) == (
        "mail.example", 993, "me@x.example", "p/w", "Support Mail",
    )  # fmt: skip
    assert where.name == "me@x.example@mail.example:993/Support Mail"
    assert timedelta(days=1) < taking.OVERLAP  # SINCE knows days, in the server's time zone
