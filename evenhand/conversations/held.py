from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Self

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from .attachment import Attachment
from .message import Message
from .stored import StoredFile, Upload, store

HELD = timedelta(hours=3)  # for whoever mends a form


class HeldFileQuerySet(models.QuerySet["HeldFile"]):
    def of(self, form: str) -> Self:
        """The files of one form, as they were chosen."""
        return self.filter(form=form).order_by("pk") if form else self.none()


class HeldFile(StoredFile):
    """A file that came with a form which is not done with yet, so that nobody has to choose it again.

    `form` is the form's own secret, which only its page holds. Nothing here can be read by anyone: it waits to become an
    attachment, or is forgotten.
    """

    form = models.CharField(max_length=43, db_index=True)
    held_until = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Empty: until it is attached.")

    objects = HeldFileQuerySet.as_manager()

    @classmethod
    def hold(cls, form: str, uploads: Iterable[Upload]) -> None:
        """Keep the files of a form for whoever mends it."""
        for upload in uploads:
            known = cls.fields_of(upload)
            stored_as = store(upload.content, known["sha256"])
            cls.objects.create(form=form, held_until=timezone.now() + HELD, stored_as=stored_as, **known)

    @classmethod
    def keep(cls, form: str) -> None:
        """The form was sent: its files stay until they are attached, however long that takes."""
        cls.objects.of(form).update(held_until=None)

    @classmethod
    def attach(cls, form: str, message: Message) -> None:
        """Make attachments of a form's files. Runs in the transaction that makes the message."""
        for each in (held := list(cls.objects.of(form).select_for_update())):
            Attachment.objects.create(message=message, **each.known())
        cls.objects.filter(pk__in=[each.pk for each in held]).delete()

    @classmethod
    def let_go(cls, held: Sequence[HeldFile]) -> None:
        """Remove files that are not wanted: rows now, the files themselves once that is certain."""
        names = [each.stored_as for each in held]
        cls.objects.filter(pk__in=[each.pk for each in held]).delete()
        transaction.on_commit(lambda: _remove(names))

    @classmethod
    @transaction.atomic
    def forget(cls) -> int:
        """Remove what nobody came back for. How many."""
        over = list(cls.objects.filter(held_until__lt=timezone.now()).select_for_update(skip_locked=True))
        cls.let_go(over)
        return len(over)


def _remove(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
