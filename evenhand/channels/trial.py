from __future__ import annotations

import base64
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from .mailbox import Mailbox
from .reading import Letter as Said

if TYPE_CHECKING:
    from .letter import Letter

TAG = re.compile(r"(?:^|;)([a-z]{1,2})=([^;]*)")
TOKEN = re.compile(r"\[test ([a-z2-7]{26})\]")
PATIENCE = timedelta(minutes=10)  # after which a letter that has not come back is taken for lost
CAME_BACK = "A test letter of this mailbox: it came back."


class Trial(models.Model):
    """A test letter to one of our addresses. It has to come back by the way that customers' letters take: fetched,
    forwarded, or straight through the SMTP door."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="trials")
    to = models.CharField(max_length=254, help_text="The mailbox's address, or one that is forwarded to it.")
    token = models.CharField(max_length=26, unique=True, help_text="130 bits: nobody else can send this letter.")
    sent_at = models.DateTimeField(default=timezone.now)
    came_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=8, blank=True, help_text="By which way it came.")
    error = models.CharField(max_length=300, blank=True, help_text="Why it could not be sent.")
    selector = models.CharField(
        max_length=63, blank=True, help_text="Under which the mailbox's domain signed it (DKIM)."
    )

    def __str__(self) -> str:
        return f"test letter {self.pk}"

    @classmethod
    def begin(cls, mailbox: Mailbox, to: str) -> Self:
        token = base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]
        return cls.objects.create(mailbox=mailbox, to=to, token=token)

    @classmethod
    def took(cls, letter: Letter, said: Said) -> bool:
        """Whether it is a test letter, by its subject, however a forwarder dressed it; then it is noted here, and there
        is nothing else to do with it. In the transaction that reads the letter."""
        found = TOKEN.search(said.subject)
        trial = cls.objects.filter(token=found[1]).select_related("mailbox").first() if found else None
        if trial is None:
            return False
        trial.came_at, trial.via = trial.came_at or timezone.now(), letter.via
        trial.selector = selector_in(said, trial.mailbox.host)
        trial.save(update_fields=["came_at", "via", "selector"])
        letter.end(letter.Outcome.REJECTED, CAME_BACK)
        return True

    @property
    def subject(self) -> str:
        return f"A test of this mailbox [test {self.token}]"

    @property
    def lost(self) -> bool:
        return not self.came_at and timezone.now() - self.sent_at > PATIENCE


def selector_in(said: Said, domain: str) -> str:
    """Under which name the domain signed a letter; whether the signature holds is for others to see."""
    for name, value in said.headers:
        tags: dict[str, str] = dict(TAG.findall("".join(value.split()))) if name.lower() == "dkim-signature" else {}
        if tags.get("d", "").lower() == domain.lower() and re.fullmatch(r"[\w.-]{1,63}", tags.get("s", "")):
            return tags["s"]
    return ""
