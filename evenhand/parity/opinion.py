from __future__ import annotations

from django.db import models
from django.utils import timezone


class Opinion(models.Model):
    """Do you agree or disagree? A visitor's answer to the pledge; its words are shown when somebody on the team has read them."""

    class State(models.TextChoices):
        WAITING = "waiting", "Not read yet"
        SHOWN = "shown", "Shown"
        HIDDEN = "hidden", "Counted, words not shown"
        SPAM = "spam", "Not counted"

    agrees = models.BooleanField()
    word = models.TextField(blank=True, max_length=1000)
    name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    conversation = models.BigIntegerField(
        null=True, blank=True, help_text="The number of the conversation it arrived as."
    )

    class Meta:
        indexes = [models.Index("state", models.F("at").desc(), name="opinion_by_state")]

    def __str__(self) -> str:
        return "agrees" if self.agrees else "disagrees"

    @classmethod
    def counted(cls) -> tuple[int, int]:
        """How many agree and disagree, all but spam."""
        counted = cls.objects.exclude(state=cls.State.SPAM)
        tally = dict(counted.values_list("agrees").annotate(n=models.Count("id")))
        return tally.get(True, 0), tally.get(False, 0)
