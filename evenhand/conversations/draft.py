from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Self

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q

from evenhand.people.models import Agent

from . import inline
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

    @classmethod
    def begun(cls, conversation: int, agent: Agent, kind: str) -> Self | None:
        """The one there is."""
        return cls.objects.filter(conversation_id=conversation, agent=agent, kind=kind).first()

    def write(self, html: str) -> None:
        """Keep the words. What has neither words nor files is no draft."""
        self.html = html
        if html or self.files.exists():
            self.save()
        else:
            self.delete()

    def hold(self, uploads: Iterable[Upload]) -> list[DraftFile]:
        """Keep files until it is sent; those that are inline are pictures among its words."""
        return [self._hold(upload) for upload in uploads]

    def _hold(self, upload: Upload) -> DraftFile:
        known = StoredFile.fields_of(upload)
        stored_as = store(upload.content, known["sha256"])
        return DraftFile.objects.create(draft=self, stored_as=stored_as, key=_key(upload.inline), **known)

    def with_its_own_pictures(self, html: str) -> str:
        """`html` as it can be sent: a picture that was copied from a message which this agent may see is one of this
        draft, too, and of any other nothing is left."""
        keys = set(inline.keys(html))
        own = set(self.files.exclude(key="").values_list("key", flat=True)) if keys else set()
        seen = Attachment.objects.drawn_here().filter(message__conversation__team__in=self.agent.teams.all())
        for key in keys - own:
            if (copied := seen.filter(key=key).first()) and not copied.held:
                mine = DraftFile.objects.create(draft=self, key=_key(True), **copied.known())
                html = html.replace(f"cid:{key}", f"cid:{mine.key}")
                own.add(mine.key)
        return inline.only(html, own)

    def discard(self) -> None:
        """It is given up, with all that waits to go with it."""
        for each in self.files.all():
            each.drop()
        self.delete()

    def become(self, message: Message) -> None:
        """It was sent as `message`: its files are the message's now, and it is over. Pictures that were taken out of the
        words do not go along. Runs where the message is made."""
        shown = set(inline.keys(message.html))
        for each in self.files.order_by("pk"):
            if not each.key:
                Attachment.objects.create(message=message, **each.known())
            elif each.key in shown:
                about = {"key": each.key, "inline": True, "content_id": each.key}
                Attachment.objects.create(message=message, **about, **each.known())
            else:
                each.drop()
        self.delete()

    def take(self, message: Message) -> None:
        """The message was taken back: its files wait here again."""
        for each in message.attachments.order_by("pk"):
            DraftFile.objects.create(draft=self, key=each.key if each.inline else "", **each.known())


def _key(inline: bool) -> str:
    return secrets.token_urlsafe() if inline else ""


class DraftFile(StoredFile):
    """A file of a draft: only its writer sees it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    key = models.CharField(
        max_length=43, blank=True, default="", help_text="Of a picture among the words; empty for a file beside them."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_draft_picture")]

    @transaction.atomic
    def drop(self) -> None:
        """Not to be sent after all. The file itself goes once that is certain, unless a message has it, too."""
        name = self.stored_as
        self.delete()
        transaction.on_commit(lambda: _remove_unless_used(name))


def _remove_unless_used(name: str) -> None:
    if not any(kind.objects.filter(stored_as=name).exists() for kind in (Attachment, DraftFile)):
        default_storage.delete(name)
