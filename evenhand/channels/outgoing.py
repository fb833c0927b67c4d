from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations import leaving
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Message

from .composing import compose
from .mailbox import Mailbox
from .signing import sign
from .token import message_id, reply_address, without_tag

RECIPIENTS = 20  # of one letter; who wants more wants a list
# Nothing is put off for longer: what seems to be was put off by a clock that was wrong.
LONGEST_WAIT = timedelta(hours=5)
# The kinds as its index has them, so that it is planned once.
AUTOMATIC = """
    SELECT count(*) FROM channels_outgoing WHERE recipient = %s AND made_at > %s AND kind IN ('ack', 'notice')
"""


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def due(self) -> Self:
        """Waiting to be sent, and not put off until later."""
        now = timezone.now()
        due = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + LONGEST_WAIT)
        return self.filter(due, sent_at=None, failed_at=None)

    def automatic_to(self, address: str, since: datetime) -> int:
        """How many automatic letters went to one address, however tagged."""
        with connection.cursor() as cursor:
            cursor.execute(AUTOMATIC, [without_tag(address)[:254], since])
            return int(cursor.fetchone()[0])


class Outgoing(models.Model):
    """A letter of ours: made once, sent as it was made, and kept with what became of it."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        ACKNOWLEDGEMENT = "ack", "Acknowledgement"
        NOTICE = "notice", "Notice"
        SURVEY = "survey", "Survey"
        SIGN_IN = "sign-in", "Sign-in link"
        ALARM = "alarm", "Alarm of the parity light"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="outgoing")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="outgoing")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+")
    to = ArrayField(models.CharField(max_length=254), help_text="Everyone, copies among them.")
    put_off = ArrayField(
        models.CharField(max_length=254),
        default=list,
        help_text="Whom the server put off while it took others: the next try is for these alone.",
    )
    recipient = models.CharField(max_length=254, help_text="The first of `to`, folded and without its tag.")
    rfc_id = models.CharField(max_length=200, unique=True, help_text="Its Message-ID.")
    raw = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True, blank=True, help_text="Of a try that has not said how it ended.")
    perhaps = models.BooleanField(
        default=False, db_default=False, help_text="A try of it ended without a word: it may have arrived."
    )
    next_try_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=300, blank=True, help_text="What the server said last.")

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("next_try_at", name="outgoing_waiting", condition=Q(sent_at=None, failed_at=None)),
            models.Index("recipient", "made_at", name="outgoing_automatic", condition=Q(kind__in=["ack", "notice"])),
        ]
        constraints = [
            # One automatic acknowledgement for each conversation, however often its letter is read.
            models.UniqueConstraint(fields=["conversation"], condition=Q(kind="ack"), name="one_acknowledgement"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rfc_id}"

    @property
    def remaining(self) -> list[str]:
        """Whom the next try is for."""
        return self.put_off or self.to

    @property
    def about(self) -> Conversation | None:
        """The conversation that it is part of; where that was merged, the one that took it in."""
        if self.message:
            return self.message.conversation
        return Conversation.objects.standing_for(self.conversation_id)

    def wait(self, moment: timedelta, why: str) -> None:
        """Put it off, which is no try; whoever looks at its conversation sees why."""
        Outgoing.objects.filter(pk=self.pk).update(next_try_at=timezone.now() + moment, answer=why[:300])
        if self.message:
            self.message.conversation.waits()

    @classmethod
    def post(
        cls,
        kind: str,
        to: Sequence[str],
        subject: str,
        text: str,
        *,
        html: str = "",
        language: str = "",
        mailbox: Mailbox | None = None,
        conversation: Conversation | None = None,
        message: Message | None = None,
        about: int = 0,
        name: str = "",
        cc: Sequence[str] = (),
        answers: Iterable[str] = (),
        uploads: Iterable[Upload] = (),
        boxes: Container[str] | None = None,
        wakes: bool = True,
    ) -> Self:
        """Make a letter of ours and have it sent, both when the transaction commits. `about` is the message that its
        Message-ID names, `answers` are the Message-IDs that it answers, oldest first; `name` is the writing agent's, `boxes` our
        addresses, where they are at hand.

        Raises ValueError for an address that no letter can be sent to.
        """
        mailbox = mailbox or Mailbox.default()
        number = conversation.pk if conversation else 0
        to, cc = list(to)[:RECIPIENTS], [each for each in cc if not Mailbox.is_ours(each, boxes)][: RECIPIENTS - 1]
        if any(Mailbox.is_ours(each, boxes) for each in to):
            raise ValueError(f"{to[0]} is an address of this desk, which does not write to itself.")
        rfc_id = message_id(number, message.pk if message else about, mailbox.host) if conversation else ""
        automatic = {cls.Kind.REPLY: "", cls.Kind.ACKNOWLEDGEMENT: "auto-replied", cls.Kind.NOTICE: "auto-replied"}.get(
            cls.Kind(kind), "auto-generated"
        )
        raw, rfc_id = compose(
            sender=mailbox.sender(name),
            to=to,
            cc=cc,
            reply_to=reply_address(mailbox.address, number) if conversation else "",
            subject=subject,
            text=text,
            html=html,
            language=language,
            rfc_id=rfc_id,
            host=mailbox.host,
            answers=list(answers),
            automatic=automatic,
            uploads=uploads,
        )
        letter = cls.objects.create(
            kind=kind,
            conversation=conversation,
            message=message,
            mailbox=mailbox,
            to=[*to, *cc],
            recipient=without_tag(to[0])[:254],
            rfc_id=rfc_id,
            raw=sign(raw, mailbox.host),
        )
        if wakes:
            leaving.at()
        return letter
