from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.core.files.storage import default_storage
from django.db import models, transaction

from evenhand.people.models import Agent

from .attachment import Attachment
from .message import Message
from .stored import StoredFile, Upload, store


class Draft(models.Model):
    """What an agent has begun to write, kept on the server as they type, with the files that go with it."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, default="agent", help_text="agent (a reply) or note")
    html = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent", "kind"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"draft of {self.agent}"

    @classmethod
    def of(cls, conversation: int, agent: Agent, kind: str) -> Self:
        """The one there is, or a new one."""
        return cls.objects.get_or_create(conversation_id=conversation, agent=agent, kind=kind)[0]

    def write(self, html: str) -> None:
        """Keep the words. What has neither words nor files is no draft."""
        self.html = html
        if html or self.files.exists():
            self.save()
        else:
            self.delete()

    def hold(self, uploads: Iterable[Upload]) -> None:
        """Keep files until it is sent."""
        for upload in uploads:
            known = StoredFile.fields_of(upload)
            DraftFile.objects.create(draft=self, stored_as=store(upload.content, known["sha256"]), **known)

    def become(self, message: Message) -> None:
        """It was sent as `message`: its files are the message's now, and it is over. Runs where the message is made."""
        for each in self.files.order_by("pk"):
            Attachment.objects.create(message=message, **each.known())
        self.delete()

    def take(self, message: Message) -> None:
        """The message was taken back: its files wait here again."""
        for each in message.attachments.order_by("pk"):
            DraftFile.objects.create(draft=self, **each.known())


class DraftFile(StoredFile):
    """A file of a draft: only its writer sees it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")

    @transaction.atomic
    def drop(self) -> None:
        """Not to be sent after all. The file itself goes once that is certain, unless a message has it, too."""
        name = self.stored_as
        self.delete()
        transaction.on_commit(lambda: _remove_unless_used(name))


def _remove_unless_used(name: str) -> None:
    if not any(kind.objects.filter(stored_as=name).exists() for kind in (Attachment, DraftFile)):
        default_storage.delete(name)
