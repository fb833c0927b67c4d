"""Looking after the mailboxes: whether each adds up and is on time. What is wrong becomes a row, once, until it is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import imap
from .folder import Folder
from .letter import Letter
from .mailbox import Mailbox
from .trouble import Trouble

LATE = timedelta(minutes=15)  # a server that is idle is looked at every nine minutes, any other every minute
NEVER = 4  # failures in a row of a folder that was never fetched

Found = dict[tuple[int, str], str]


@transaction.atomic
def look() -> list[Trouble]:
    """Begin and end troubles as things stand. Those that began."""
    found = dict(_found())
    known = {(each.mailbox_id, each.kind): each for each in Trouble.objects.select_for_update().filter(ended_at=None)}
    for key, trouble in known.items():
        if key not in found:
            trouble.ended_at = timezone.now()
            trouble.save(update_fields=["ended_at"])
    fresh = [
        Trouble(mailbox_id=key[0], kind=key[1], words=words[:400]) for key, words in found.items() if key not in known
    ]
    return Trouble.objects.bulk_create(fresh, ignore_conflicts=True)


def _found() -> Iterator[tuple[tuple[int, str], str]]:
    """((mailbox, kind), what is wrong)."""
    boxes = list(Mailbox.objects.order_by("pk"))
    by_address = {each.address: each for each in boxes}
    for account in Letter.account():
        if not account["adds_up"]:
            said = f"{account['fetched']} letters were fetched, and that is not the sum of what became of them."
            yield (by_address[account["address"]].pk, "sum"), said
    for box in boxes:
        oldest = Letter.objects.unread().filter(mailbox=box, old=False).order_by("pk").first()
        if oldest and oldest.received_at < timezone.now() - LATE:
            yield (
                (box.pk, "unread"),
                f"Letters wait to be read since {oldest.received_at:%Y-%m-%d %H:%M} UTC: is a worker running?",
            )
    if boxes:
        yield from _late(boxes[0])
        yield from _withheld(boxes[0])


def _late(first: Mailbox) -> Iterator[tuple[tuple[int, str], str]]:
    """Folders that are to be fetched and were not; those of EVENHAND_IMAP are the first mailbox's."""
    named = {each.name: each for each in imap.everywhere()}
    for folder in Folder.objects.filter(name__in=named).order_by("-pk"):
        if late(folder):
            login = named[folder.name].login
            since = f"since {folder.last_success_at:%Y-%m-%d %H:%M} UTC" if folder.last_success_at else "yet"
            why = folder.error or "Nobody looks there: is the mail process running?"
            yield (login.mailbox_id if login else first.pk, "late"), f"{folder.name} was not fetched {since}. {why}"


def _withheld(first: Mailbox) -> Iterator[tuple[tuple[int, str], str]]:
    """Folders whose server has not given a letter for a while."""
    named = {each.name: each for each in imap.everywhere()}
    since = timezone.now() - LATE
    for folder in Folder.objects.filter(name__in=named, withheld__began_at__lt=since).distinct().order_by("-pk"):
        login = named[folder.name].login
        yield (login.mailbox_id if login else first.pk, "withheld"), f"{folder.name}: {folder.withholds}"


def late(folder: Folder) -> bool:
    if folder.last_success_at is None:
        return folder.failures >= NEVER
    return folder.last_success_at < timezone.now() - LATE
