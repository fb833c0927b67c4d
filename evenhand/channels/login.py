from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .host import is_here
from .mailbox import Mailbox
from .sealing import seal, unseal

INBOX = "INBOX"


def inbox() -> list[str]:
    return [INBOX]


class Login(models.Model):
    """How a mailbox that lives on another server is signed in to: a row to receive with, a row to send with."""

    class Way(models.TextChoices):
        RECEIVE = "imap", "Receive by IMAP"
        SEND = "smtp", "Send by SMTP"

    class Proof(models.TextChoices):
        PASSWORD = "password", "A password"
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"

    class After(models.TextChoices):
        READ = "read", "Mark it as read"
        MOVE = "move", "Move it to a folder"
        LEAVE = "leave", "Leave it as it is"

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="logins")
    way = models.CharField(max_length=4, choices=Way.choices)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    tls = models.BooleanField(default=True, help_text="From the first byte; otherwise by STARTTLS, which is demanded.")
    user = models.CharField(max_length=254)
    proof = models.CharField(max_length=9, choices=Proof.choices, default=Proof.PASSWORD)
    secret = models.TextField(blank=True, help_text="The password, sealed. Empty where the proof is a grant.")
    folders = ArrayField(models.CharField(max_length=200), default=inbox, help_text="That are fetched from.")
    after = models.CharField(max_length=5, choices=After.choices, default=After.READ)
    moves_to = models.CharField(max_length=200, blank=True, help_text="The folder that stored letters are moved to.")
    takes_unread = models.BooleanField(default=True, help_text="Also what lies there unread on the first day.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "way"], name="one_login_each_way")]

    def __str__(self) -> str:
        return f"{self.user} at {self.host}:{self.port}"

    @property
    def here(self) -> bool:
        return is_here(self.host)

    @property
    def password(self) -> str:
        """In the clear, for the server alone. Raises sealing.Unsealable."""
        return unseal(self.secret) if self.secret else ""

    @password.setter
    def password(self, given: str) -> None:
        self.secret = seal(given)
