from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone

from .login import Login

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
TIMES = 3  # longer after each failure


class Folder(models.Model):
    """A folder of a mailbox elsewhere: how far we have fetched it, and how that went."""

    name = models.CharField(max_length=300, unique=True, help_text="user@host:port/folder")
    login = models.ForeignKey(
        Login, models.SET_NULL, null=True, blank=True, related_name="fetched", help_text="Empty: of EVENHAND_IMAP."
    )
    uidvalidity = models.BigIntegerField(null=True, blank=True, help_text="Another one: the server has renumbered.")
    last_uid = models.BigIntegerField(default=0)
    old_below = models.BigIntegerField(
        default=0, help_text="Old letters are fetched from here down, a few at a time; 0: all of them were."
    )
    unmarked = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Stored here, and not marked there yet."
    )
    lag = models.DurationField(null=True, blank=True, help_text="From there to here, of the last new letter.")
    last_success_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    error = models.CharField(max_length=300, blank=True, help_text="What is wrong, in a sentence; empty: nothing.")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def at(cls, name: str, login: Login | None = None) -> Folder:
        folder, _ = cls.objects.get_or_create(name=name, defaults={"login": login})
        if folder.login_id != (login.pk if login else None):
            folder.login = login
            folder.save(update_fields=["login"])
        return folder

    @property
    def waits(self) -> float:
        """Seconds until it is tried again. A moment further away than we ever wait was set by a clock that was wrong."""
        left = self.next_try_at - timezone.now()
        return 0.0 if left > LONGEST_WAIT else max(left.total_seconds(), 0.0)

    @property
    def withholds(self) -> str:
        """What the server lists there and does not give, in a sentence; empty: nothing."""
        first = self.withheld.order_by("began_at", "uid").first()
        if first is None:
            return ""
        count = self.withheld.count()
        subject, it = ("A letter is", "It is") if count == 1 else (f"{count} letters are", "They are")
        since = f"since {first.began_at:%Y-%m-%d %H:%M} UTC"
        why = f" {first.words}" if first.words else ""
        return f"{subject} listed there and not given to us, {since}.{why} {it} asked for again with every look."

    @transaction.atomic
    def begin(self, uidvalidity: int, last_uid: int, old_below: int) -> None:
        """Everything after `last_uid` is new from now on; what is below `old_below` is fetched when there is time."""
        self.withheld.all().delete()  # by numbers that mean other letters now
        self.uidvalidity, self.last_uid, self.old_below, self.unmarked = uidvalidity, last_uid, old_below, []
        self.save(update_fields=["uidvalidity", "last_uid", "old_below", "unmarked"])

    def passed(self, uid: int) -> None:
        """Everything up to `uid` has been looked at."""
        self.last_uid = max(self.last_uid, uid)
        self.save(update_fields=["last_uid"])

    def has_no_more(self) -> None:
        """All old letters are fetched."""
        self.old_below = 0
        self.save(update_fields=["old_below"])

    def went_on(self, uids: Sequence[int], *, old: bool) -> None:
        """These letters were asked for: in the transaction that stores what came of it."""
        if old:
            self.old_below = min(uids)
        else:
            self.last_uid = max(self.last_uid, *uids)
        self.save(update_fields=["last_uid", "old_below"])

    def stored(self, uids: Sequence[int], *, lag: timedelta | None) -> None:
        """These letters are stored: in the transaction that stores them."""
        self.unmarked, self.lag = list(uids), lag or self.lag
        self.failures = 0  # a line that brings something before it breaks is tried again soon
        self.save(update_fields=["unmarked", "lag", "failures"])

    def marked(self) -> None:
        if self.unmarked:
            self.unmarked = []
            self.save(update_fields=["unmarked"])

    def succeeded(self) -> None:
        self.last_success_at, self.failures, self.error = timezone.now(), 0, ""
        self.save(update_fields=["last_success_at", "failures", "error"])

    def failed(self, error: str, first: timedelta = FIRST_WAIT) -> None:
        """Try again after `first`, then ever more rarely, at most half an hour later."""
        wait = min(first * TIMES ** min(self.failures, 10), LONGEST_WAIT)
        self.failures, self.error, self.next_try_at = self.failures + 1, error[:300], timezone.now() + wait
        self.save(update_fields=["failures", "error", "next_try_at"])
