from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Self

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, HeldFile
from evenhand.promise.need import Need

from . import wake

KEPT = timedelta(days=2)  # after it was begun: so long the same form, sent again, is known to be the same
GIVEN = ("once", "asked_at", "email", "name", "subject", "text", "need", "reads", "files", "problem", "tries")
STORE = f"""
    INSERT INTO channels_question ({", ".join(GIVEN)}) VALUES ({", ".join(f"%({name})s" for name in GIVEN)})
    ON CONFLICT (once) DO NOTHING
"""  # noqa: S608 - names of columns


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> Self:
        return self.filter(begun_at=None)


class Question(models.Model):
    """What somebody asked by the form, as they gave it, stored before anything is made of it.

    Storing it is all that its sender waits for. The worker tells its language, begins the conversation, gives it its
    place in the line, since `asked_at`, and writes the acknowledgement: all of it once, or none of it.
    """

    once = models.CharField(max_length=43, unique=True, help_text="The form's own secret: sent twice, it asks once.")
    asked_at = models.DateTimeField(default=timezone.now)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    need = models.CharField(max_length=10, choices=Need.choices)
    reads = models.CharField(max_length=8, blank=True, help_text="The language of the page that it was asked on.")
    files = models.BooleanField(default=False, help_text="Whether some are held for it.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why an agent should look first, in a sentence.")
    tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("id", name="question_waiting", condition=Q(begun_at=None)),
            models.Index("begun_at", name="question_begun"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @transaction.atomic(savepoint=False)
    def keep(self, uploads: Sequence[Upload] = ()) -> None:
        """Store it, with the job that begins it and the files that came with it, now or (`files`) before. The same form
        sent again is stored once."""
        self.files = self.files or bool(uploads)
        with connection.cursor() as cursor:
            cursor.execute(STORE, {name: getattr(self, name) for name in GIVEN})
        if self.files and Question.objects.filter(once=self.once, asked_at=self.asked_at).exists():
            HeldFile.hold(self.once, uploads)
            HeldFile.keep(self.once)
        wake.beginners()

    @classmethod
    def forget(cls) -> int:
        """Remove what has long been a conversation. How many."""
        return cls.objects.filter(begun_at__lt=timezone.now() - KEPT).delete()[0]
