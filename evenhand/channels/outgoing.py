from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations.conversation import one_line
from evenhand.conversations.models import Conversation, Message

from .mailbox import Mailbox


class Outgoing(models.Model):
    """A letter of ours: made once, sent as it was made, and kept with what became of it."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        ACKNOWLEDGEMENT = "ack", "Acknowledgement"
        SURVEY = "survey", "Survey"
        SIGN_IN = "sign-in", "Sign-in link"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="outgoing")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="outgoing")
    to = ArrayField(models.CharField(max_length=254))
    rfc_id = models.CharField(max_length=200, unique=True, help_text="Its Message-ID.")
    raw = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=300, blank=True, help_text="What the server said last.")

    class Meta:
        indexes = [
            models.Index("next_try_at", name="outgoing_waiting", condition=Q(sent_at=None, failed_at=None)),
            models.Index("conversation", name="outgoing_of"),
        ]
        constraints = [
            # One automatic acknowledgement for each conversation, however often its letter is read.
            models.UniqueConstraint(fields=["conversation"], condition=Q(kind="ack"), name="one_acknowledgement"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rfc_id}"

    @classmethod
    def post(
        cls, kind: str, to: str, subject: str, text: str, html: str = "", conversation: Conversation | None = None
    ) -> Outgoing:
        """Make an automatic letter to one address; it waits here until it is sent. Raises ValueError for an address
        that is none, so that nothing can be written into a header."""
        name, at, domain = to.rpartition("@")
        if not (name and at and domain) or one_line(to) != to:
            raise ValueError("This is not an address that mail can be sent to.")
        mailbox = Mailbox.default()
        letter = EmailMessage(policy=SMTP)
        letter["From"] = Address(one_line(mailbox.name), addr_spec=mailbox.address)
        letter["To"] = Address(addr_spec=to)
        letter["Subject"] = one_line(subject)
        letter["Date"] = format_datetime(timezone.now())
        letter["Message-ID"] = make_msgid(domain=mailbox.address.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's robot answers it
        letter.set_content(text)
        if html:
            letter.add_alternative(html, subtype="html")
        return cls.objects.create(
            kind=kind, to=[to], rfc_id=letter["Message-ID"], raw=bytes(letter), conversation=conversation
        )
