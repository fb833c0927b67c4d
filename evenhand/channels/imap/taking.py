"""Storing what is new in a folder, and what is old there when there is time.

A letter is marked there only after it is stored here, so whatever dies in between, it is either still as it was there or
here already; and what is fetched twice is a duplicate, which is recognised. A letter that the server does not give keeps
nobody waiting: its place is passed, and it is asked for again from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from ..folder import Folder
from ..importing import recipients
from ..letter import Arrival, Letter
from ..login import Login
from ..withheld import Withheld
from . import bodies
from .connecting import NoFolder, choose, said
from .where import Where

TOGETHER = 20  # letters in one transaction
TOGETHER_BYTES = 16 * 1024 * 1024
OVERLAP = timedelta(days=2)  # how far before the last success we look again when the server has renumbered its letters
OLD_AT_ONCE = 200  # so many old letters are fetched, and then only when as few wait to be read


def take(folder: Folder, where: Where, client: IMAPClient) -> int:
    """Store what is new, then a portion of what is old. Its place is moved only past what is stored. How many were."""
    chosen = choose(client, where.folder)
    validity, following = int(chosen[b"UIDVALIDITY"]), int(chosen[b"UIDNEXT"])
    known = folder.uidvalidity == validity
    if known and folder.unmarked:  # the last visit was cut off before it marked them
        mark(client, where, folder.unmarked)
        folder.marked()
    withheld = Withheld.waiting(folder, OLD_AT_ONCE) if known else []
    new = newer(folder, client) if known else _begin(folder, where, client, validity, following)
    came = sum(_store(folder, where, client, together) for together in batches(client, new))
    if not known:
        folder.passed(following - 1)
    return came + _ask_again(folder, where, client, withheld) + _take_old(folder, where, client)


def _ask_again(folder: Folder, where: Where, client: IMAPClient, withheld: list[tuple[int, bool]]) -> int:
    """For what was not given in rounds before; for more than a few only where the server gives some of them."""
    came = 0
    for old in (False, True):
        for together in batches(client, [uid for uid, was_old in withheld if was_old == old]):
            given = _store(folder, where, client, together, old=old, again=True)
            came += given
            if not given:
                break
    return came


def _take_old(folder: Folder, where: Where, client: IMAPClient) -> int:
    """A portion of what lay there unread, newest first; none while letters wait to be read, for today's come first."""
    if not folder.old_below or busy():
        return 0
    found = client.search(["UNSEEN", "UID", f"1:{folder.old_below - 1}"]) if folder.old_below > 1 else []
    old = sorted((uid for uid in found if uid < folder.old_below), reverse=True)
    came = sum(_store(folder, where, client, together, old=True) for together in batches(client, old[:OLD_AT_ONCE]))
    if len(old) <= OLD_AT_ONCE:
        folder.has_no_more()
    return came


def _begin(folder: Folder, where: Where, client: IMAPClient, validity: int, following: int) -> list[int]:
    """A folder we never saw, or whose letters the server has renumbered: those since shortly before we last looked are
    looked at again; what is unread at the beginning is fetched in portions."""
    seen = folder.last_success_at if folder.uidvalidity else None
    since = min(seen, timezone.now()) - OVERLAP if seen else None  # by a clock that was wrong it may be to come
    again = sorted(client.search(["SINCE", since.date()])) if since else []
    # What was withheld has another number now, and may be older than that.
    unfinished = folder.old_below > 0 or folder.withheld.exists() if since else where.takes_unread
    # The letters that are looked at again come after the mark, so that a visit cut short begins there.
    last = min([following, *again]) - 1
    folder.begin(validity, last, min(following, last + 1) if unfinished else 0)
    return again


def newer(folder: Folder, client: IMAPClient) -> list[int]:
    # "n:*" names the last letter even where all are below n.
    return sorted(uid for uid in client.search(["UID", f"{folder.last_uid + 1}:*"]) if uid > folder.last_uid)


def busy() -> bool:
    return Letter.objects.unread().order_by()[:OLD_AT_ONCE].count() >= OLD_AT_ONCE


def _store(
    folder: Folder, where: Where, client: IMAPClient, uids: list[int], *, old: bool = False, again: bool = False
) -> int:
    """Store some letters with the place they move us to, then mark them there. How many were given."""
    given = bodies.ask(client, uids, lambda error: said(where, error))
    found = given.letters
    # First of all addresses the mailbox that they were fetched for, as an envelope would.
    ours = (where.login.mailbox.address,) if where.login else ()
    arrivals = [Arrival(raw, "imap", envelope_to=(*ours, *recipients(raw)), old=old) for _, raw, _ in found]
    lag = None if old or again or not found else max(timezone.now() - at for _, _, at in found)
    with transaction.atomic():
        Letter.keep_all(arrivals)
        Withheld.keep(folder, uids, given.withheld, old=old)
        if not again:
            folder.went_on(uids, old=old)
        folder.stored(given.uids, lag=lag)
    mark(client, where, given.uids)
    folder.marked()
    return len(found)


def mark(client: IMAPClient, where: Where, uids: Sequence[int]) -> None:
    """Do there what was asked to be done with letters that are stored here."""
    if not uids or where.after == Login.After.LEAVE:
        return
    client.add_flags(uids, [SEEN], silent=True)
    if where.after == Login.After.MOVE:
        _move(client, where.moves_to, uids)


def _move(client: IMAPClient, to: str, uids: Sequence[int]) -> None:
    try:
        if client.has_capability("MOVE"):
            client.move(uids, to)
        else:
            client.copy(uids, to)
            client.delete_messages(uids, silent=True)
            # Without UIDPLUS an EXPUNGE would also remove what others have marked as deleted: they stay marked.
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(uids)
    except IMAPClientError as error:
        if client.folder_exists(to):
            raise
        raise NoFolder(to, []) from error


def batches(client: IMAPClient, uids: Sequence[int]) -> Iterator[list[int]]:
    """The letters in the order given, so many together that their sum stays small."""
    together: list[int] = []
    size = 0
    for start in range(0, len(uids), 500):
        sizes = bodies.sizes(client, uids[start : start + 500])
        for uid in uids[start : start + 500]:
            one = sizes.get(uid, TOGETHER_BYTES)  # alone, where the server does not say
            if together and (len(together) == TOGETHER or size + one > TOGETHER_BYTES):
                yield together
                together, size = [], 0
            together.append(uid)
            size += one
    if together:
        yield together
