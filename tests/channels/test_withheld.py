"""A letter that a server lists and does not give: nobody waits for it, it is not lost, and the page says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.channels import imap, reader, watching
from evenhand.channels.models import Folder, Letter, Trouble, Withheld

from .post import write
from .withholding import withholding

pytestmark = pytest.mark.django_db
WAYS = ["NO", "BAD", "nothing", "NIL", "no body", "no size"]


@pytest.fixture
def box(mailbox, settings):
    raws = [write(f"Letter {number}").replace(b"\n", b"\r\n") for number in (1, 2, 3)]
    with withholding(*raws) as box:
        settings.EVENHAND_IMAP = [f"imap://u:p@127.0.0.1:{box.port}/INBOX"]
        yield box


def fetch():
    (where,) = imap.everywhere()
    return imap.fetch(where)


def come(box, *numbers):
    """More letters, after the folder is known."""
    for number in numbers:
        box.letters[number] = write(f"Letter {number}").replace(b"\n", b"\r\n")


def kept():
    return sorted(bytes(raw) for raw in Letter.objects.values_list("raw", flat=True))


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("old", [False, True])
def test_the_others_come_and_it_comes_later(box, how, old):
    if not old:
        assert fetch() == 3
        come(box, 4, 5, 6)
    first = 1 if old else 4
    box.how[first + 1] = how
    assert fetch() == 2
    folder = Folder.objects.get()
    assert (folder.error, folder.failures, folder.last_success_at is not None) == ("", 0, True)
    assert folder.withholds.startswith("A letter is listed there and not given to us, since ")
    assert ("cannot be read" in folder.withholds) == (how in ("NO", "BAD", "no size"))
    assert (Withheld.objects.get().uid, Withheld.objects.get().old) == (first + 1, old)
    assert first + 1 not in box.seen
    assert folder.unmarked == []
    assert fetch() == 0
    assert Withheld.objects.count() == 1
    box.how.clear()
    assert fetch() == 1
    assert kept() == sorted(box.letters.values())
    assert Letter.objects.filter(old=True).count() == 3
    assert set(box.letters) == box.seen
    assert Folder.objects.get().withholds == ""
    asked = len(box.asked)
    assert fetch() == 0
    assert len(box.asked) == asked
    reader.read_all()
    (account,) = Letter.account()
    assert (account["fetched"], account["adds_up"]) == (len(box.letters), True)


def test_what_was_deleted_meanwhile_is_not_waited_for(box):
    fetch()
    come(box, 4, 5)
    box.gone = {4}
    assert fetch() == 1
    assert not Withheld.objects.exists()


def test_what_is_deleted_while_it_is_withheld_is_no_longer_waited_for(box):
    fetch()
    come(box, 4)
    box.how[4] = "NO"
    fetch()
    box.gone = {4}
    assert fetch() == 0
    assert not Withheld.objects.exists()


def test_a_server_that_renumbers_has_it_asked_for_by_its_new_number(box):
    box.how[2] = "NO"
    fetch()
    box.validity, box.how = 8, {}
    box.letters = {uid + 10: raw for uid, raw in box.letters.items()}
    box.seen = {uid + 10 for uid in box.seen}
    fetch()
    reader.read_all()
    assert {*box.letters.values()} == {*kept()}
    assert not Withheld.objects.exists()
    assert Letter.account()[0]["adds_up"]


def test_a_folder_of_which_nothing_is_given_is_asked_for_little(box):
    """A portion with each look, in turn; and all of it soon, once some of it comes."""
    fetch()
    come(box, *range(4, 64))
    box.how = dict.fromkeys(range(4, 64), "nothing")
    assert fetch() == 0
    assert Withheld.objects.count() == 60
    del box.asked[:]
    for _ in range(3):
        assert fetch() == 0
    assert sorted(uid for uids in box.asked for uid in uids) == list(range(4, 64))
    box.how.clear()
    assert fetch() == 60


def test_administrators_are_told_when_it_lasts(box):
    box.how[2] = "NO"
    fetch()
    assert watching.look() == []
    Withheld.objects.update(began_at=timezone.now() - timedelta(minutes=20))
    assert [each.kind for each in watching.look()] == ["withheld"]
    assert "Letter 2 cannot be read" in Trouble.objects.get().words
    box.how.clear()
    fetch()
    assert watching.look() == []
    assert Trouble.objects.get().ended_at


def test_the_mailboxs_page_says_so(box, mailbox, client, ada):
    ada.is_admin = True
    ada.save()
    client.force_login(ada)
    box.how[2] = "NO"
    fetch()
    page = client.get(f"/settings/mailboxes/{mailbox.pk}/").content.decode()
    assert "A letter is listed there and not given to us, since " in page
    assert "Letter 2 cannot be read" in page
