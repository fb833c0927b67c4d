from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import models
from django.utils import timezone

from .folder import Folder


class Withheld(models.Model):
    """A letter that a server lists and does not give: asked for again in later rounds, until it comes or is gone."""

    folder = models.ForeignKey(Folder, models.CASCADE, related_name="withheld")
    uid = models.BigIntegerField()
    old = models.BooleanField(default=False, help_text="It lay there before the folder was first fetched.")
    words = models.CharField(max_length=300, help_text="What the server says, in a sentence.")
    began_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "uid"], name="one_withheld")]

    def __str__(self) -> str:
        return self.words

    @classmethod
    def keep(cls, folder: Folder, uids: Sequence[int], words: Mapping[int, str], *, old: bool) -> None:
        """Of the letters that were asked for, those with words were not given; the others came, or are gone."""
        cls.objects.filter(folder=folder, uid__in=set(uids) - set(words)).delete()
        now = timezone.now()
        rows = [
            Withheld(folder=folder, uid=uid, old=old, words=said[:300], began_at=now, tried_at=now)
            for uid, said in words.items()
        ]
        Withheld.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["folder", "uid"], update_fields=["words", "tried_at"]
        )

    @classmethod
    def waiting(cls, folder: Folder, most: int) -> list[tuple[int, bool]]:
        """(uid, old) of those that were asked for longest ago."""
        found = cls.objects.filter(folder=folder).order_by("tried_at", "uid").values_list("uid", "old")
        return list(found[:most])
