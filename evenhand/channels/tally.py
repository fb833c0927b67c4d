from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db import connection, models
from django.db.models import Count, Sum

from .mailbox import Mailbox

FETCHED = "fetched"
ADD = """
    INSERT INTO channels_tally (mailbox_id, day, what, count) VALUES (%s, %s, %s, %s)
    ON CONFLICT (mailbox_id, day, what) DO UPDATE SET count = channels_tally.count + EXCLUDED.count
"""


class Account(TypedDict):
    """What became of the letters of one mailbox: `fetched` is counted when a letter is kept, the outcomes when it is
    read, `unread` by looking. `adds_up` says that fetched is the sum of all the others."""

    address: str
    fetched: int
    stored: int
    duplicate: int
    quarantined: int
    bounce: int
    auto_reply: int
    rejected: int
    unread: int
    adds_up: bool


OUTCOMES = ("stored", "duplicate", "quarantined", "bounce", "auto_reply", "rejected")


class Tally(models.Model):
    """How many letters a mailbox had on a day, and what became of them. Counted in the transactions that keep and read
    them, so that a million letters are not counted again for each look."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="tallies")
    day = models.DateField(help_text="UTC, of the letter's arrival.")
    what = models.CharField(max_length=12, help_text="fetched, or an outcome")
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "day", "what"], name="one_tally")]

    def __str__(self) -> str:
        return f"{self.count} {self.what} on {self.day}"

    @classmethod
    def add(cls, mailbox_id: int, at: datetime, what: str, count: int = 1) -> None:
        """The last statement of its transaction: whoever counts the same thing waits for it only until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(ADD, [mailbox_id, at.date(), what, count])


def account_of(mailbox: Mailbox, kept: dict[str, int], unread: int) -> Account:
    known = {what: kept.get(what, 0) for what in (FETCHED, *OUTCOMES)}
    return {
        "address": mailbox.address,
        "fetched": known["fetched"],
        "stored": known["stored"],
        "duplicate": known["duplicate"],
        "quarantined": known["quarantined"],
        "bounce": known["bounce"],
        "auto_reply": known["auto_reply"],
        "rejected": known["rejected"],
        "unread": unread,
        "adds_up": known["fetched"] == sum(known[what] for what in OUTCOMES) + unread,
    }


def accounts(unread: models.QuerySet[models.Model]) -> list[Account]:
    """The account of each mailbox; `unread` are the letters without outcome."""
    kept: dict[int, dict[str, int]] = {}
    for box, what, count in Tally.objects.values_list("mailbox", "what").annotate(Sum("count")):
        kept.setdefault(box, {})[what] = count
    waiting = dict(unread.values_list("mailbox").annotate(Count("pk")))
    return [account_of(each, kept.get(each.pk, {}), waiting.get(each.pk, 0)) for each in Mailbox.objects.order_by("pk")]
