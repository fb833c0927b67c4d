from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations.models import Conversation, Message

from . import wake
from .mailbox import Mailbox
from .tally import FETCHED, Account, Tally, accounts

HEADER = 64 * 1024  # bytes that are kept of a letter that is refused
HEADER_END = re.compile(rb"\r?\n\r?\n")
# What is known of a letter once it is read.
UNDERSTOOD = ("outcome", "reason", "read_at", "conversation_id", "message_id", "same_as", "rfc_id",
              "sender", "reply_to", "verified", "verdict", "spf", "dkim", "dmarc")  # fmt: skip
# With what the indexes are for in it, so that it is planned once.
LIKE = """
    SELECT id FROM channels_letter
    WHERE (sha256 = %(sha256)s OR (same_as = %(same_as)s AND same_as <> ''))
    AND outcome NOT IN ('', 'duplicate') AND id <> %(pk)s
    ORDER BY id LIMIT 1
"""
END = """
    WITH letter AS (
        UPDATE channels_letter SET outcome = %(outcome)s, reason = %(reason)s, read_at = %(read_at)s,
            conversation_id = %(conversation_id)s, message_id = %(message_id)s, same_as = %(same_as)s,
            rfc_id = %(rfc_id)s, sender = %(sender)s, reply_to = %(reply_to)s, verified = %(verified)s,
            verdict = %(verdict)s, spf = %(spf)s, dkim = %(dkim)s, dmarc = %(dmarc)s
        WHERE id = %(pk)s AND outcome = '' RETURNING mailbox_id
    )
    INSERT INTO channels_tally (mailbox_id, day, what, count) SELECT mailbox_id, %(day)s, %(what)s, 1 FROM letter
    ON CONFLICT (mailbox_id, day, what) DO UPDATE SET count = channels_tally.count + EXCLUDED.count
"""
TRIES = 3  # a letter that ends the reader so often is put before an agent unread


@dataclass(frozen=True, slots=True)
class Arrival:
    """A letter at the door: its bytes, the way it came, and whom the envelope names."""

    raw: bytes = field(repr=False)
    via: str
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    peer: str = ""  # the address of the server that brought it by SMTP
    helo: str = ""  # and what that server called itself
    old: bool = False  # it lay in a mailbox when that was connected


class AlreadyRead(RuntimeError):
    """What this transaction was about to do has been done."""


class LetterQuerySet(models.QuerySet["Letter"]):
    def unread(self) -> Self:
        return self.filter(outcome="")

    def like(self, letter: Letter) -> Letter | None:
        """The letter read before that is the same one: byte for byte, or come by another way."""
        with connection.cursor() as cursor:
            cursor.execute(LIKE, {"pk": letter.pk, "sha256": letter.sha256, "same_as": letter.same_as})
            found = cursor.fetchone()
        return self.defer("raw").select_related("conversation", "message").get(pk=found[0]) if found else None

    def refused(self, mailbox: Mailbox) -> Self:
        """What a mailbox counts as refused, the latest first, without its bytes."""
        return self.filter(outcome=Letter.Outcome.REJECTED, mailbox=mailbox).defer("raw").order_by("-id")


class Letter(models.Model):
    """A letter as it arrived, byte for byte, stored before anybody tries to understand it."""

    class Outcome(models.TextChoices):
        STORED = "stored", "Stored"
        DUPLICATE = "duplicate", "Duplicate"
        QUARANTINED = "quarantined", "Quarantined"
        BOUNCE = "bounce", "Bounce"
        AUTO_REPLY = "auto_reply", "Automatic reply"
        REJECTED = "rejected", "Rejected"

    via = models.CharField(max_length=8, help_text="smtp, import, imap or hook")
    received_at = models.DateTimeField(default=timezone.now)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    peer = models.CharField(max_length=45, blank=True, help_text="The server that brought it.")
    helo = models.CharField(max_length=255, blank=True, help_text="What that server called itself.")
    old = models.BooleanField(default=False, help_text="It lay in its mailbox when that was connected.")
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rfc_id = models.CharField(max_length=320, blank=True, help_text="Its Message-ID.")
    same_as = models.CharField(
        max_length=64,
        blank=True,
        help_text="Digest of sender, date, Message-ID and body: the same letter by another way has the same.",
    )
    sender = models.CharField(max_length=254, blank=True, help_text="Its From.")
    reply_to = models.CharField(max_length=254, blank=True, help_text="Where it asks answers to go, if elsewhere.")
    verified = models.BooleanField(null=True, help_text="Whether it is from its From; null: nobody can say.")
    verdict = models.CharField(max_length=300, blank=True, help_text="Why, in a sentence.")
    spf = models.CharField(max_length=12, blank=True)
    dkim = models.CharField(max_length=12, blank=True)
    dmarc = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, help_text="Empty: not read yet.")
    reason = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, blank=True, related_name="letters")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="letters")

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("old", "id", name="letter_unread", condition=Q(outcome="")),
            models.Index("sha256", name="letter_sha256"),
            models.Index("same_as", name="letter_same_as", condition=~Q(same_as="")),
            models.Index(models.F("received_at").desc(), name="letter_recent"),
            models.Index("mailbox", "id", name="letter_refused", condition=Q(outcome="rejected")),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def ends_its_reader(self) -> bool:
        """Whether reading it has failed so often that nobody tries again."""
        return self.tries > TRIES

    @classmethod
    def keep(cls, raw: bytes, via: str, envelope_from: str = "", envelope_to: Iterable[str] = ()) -> Self:
        """Store one letter; see `keep_all`."""
        return cls.keep_all([Arrival(raw, via, envelope_from, tuple(envelope_to))])[0]

    @classmethod
    @transaction.atomic
    def keep_all(cls, arrivals: Iterable[Arrival], *, wakes: bool = True) -> list[Self]:
        """Store letters as they came, and the job that will read them, in one transaction: when it has committed,
        neither can be lost.

        One job for each call and not for each letter. Measured with `python -m bench.letters --jobs` on two cores busy
        with other work: letters and jobs one by one 22 a second, in calls of twenty 348, and 22 ms of a worker for each
        job beside what it reads. The job reads everything unread, so that it does not matter which one runs.
        """
        boxes = Mailbox.by_address()
        now = timezone.now()
        letters = cls.objects.bulk_create([cls._arrived(arrival, boxes, now) for arrival in arrivals])
        if letters and wakes:
            wake.readers()
        for mailbox_id, count in Counter(each.mailbox_id for each in letters).items():
            Tally.add(mailbox_id, now, FETCHED, count)
        return letters

    @classmethod
    @transaction.atomic
    def refuse(cls, arrival: Arrival, size: int, reason: str) -> None:
        """Leave a row of a letter that was not taken in: its header, so that somebody can tell whose it was, and why.
        One row, however often its bringer tries."""
        head = HEADER_END.split(arrival.raw[:HEADER], maxsplit=1)[0]
        letter = cls._arrived(replace(arrival, raw=head), Mailbox.by_address(), timezone.now())
        # A digest of no letter: the same one is to be read if it comes again when the limit is another.
        letter.sha256 = f"refused {sha256(arrival.raw[:HEADER] + str(size).encode()).hexdigest()[:56]}"
        if cls.objects.filter(sha256=letter.sha256).exists():
            return
        letter.outcome, letter.reason, letter.read_at = cls.Outcome.REJECTED, reason[:300], letter.received_at
        letter.size = size
        letter.save()
        for what in (FETCHED, letter.outcome):
            Tally.add(letter.mailbox_id, letter.received_at, what)

    @classmethod
    def _arrived(cls, arrival: Arrival, boxes: dict[str, Mailbox], at: datetime) -> Self:
        return cls(
            via=arrival.via,
            received_at=at,
            mailbox=Mailbox.addressed(arrival.envelope_to, boxes),
            envelope_from=_kept(arrival.envelope_from),
            envelope_to=[_kept(each) for each in arrival.envelope_to],
            peer=arrival.peer[:45],
            helo=_kept(arrival.helo)[:255],
            old=arrival.old,
            raw=arrival.raw,
            size=len(arrival.raw),
            sha256=sha256(arrival.raw).hexdigest(),
        )

    def end(
        self,
        outcome: str,
        reason: str = "",
        conversation: Conversation | None = None,
        message: Message | None = None,
        at: datetime | None = None,
    ) -> None:
        """Say what became of it, and count it. The last thing done in the transaction that reads it, so that whoever counts
        the same thing waits for it only until the commit, and what makes sure that it is read once: raises AlreadyRead,
        so that everything is rolled back."""
        self.outcome, self.reason, self.read_at = outcome, reason[:300], at or timezone.now()
        self.conversation, self.message = conversation, message
        said = {name: getattr(self, name) for name in UNDERSTOOD}
        with connection.cursor() as cursor:
            cursor.execute(END, {**said, "pk": self.pk, "day": self.received_at.date(), "what": outcome})
            if not cursor.rowcount:
                raise AlreadyRead(f"Letter {self.pk} was read by somebody else.")

    @classmethod
    def account(cls) -> list[Account]:
        """For each mailbox what was fetched and what became of it; it always adds up."""
        return accounts(cls.objects.unread())


def _kept(address: str) -> str:
    """An envelope's address as PostgreSQL can hold it."""
    return address.encode("utf-8", "replace").decode().replace("\0", "")[:320]
