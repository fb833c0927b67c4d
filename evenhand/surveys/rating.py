from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from evenhand.conversations.models import Conversation
from evenhand.people.models import Person


class Rating(models.Model):
    """A customer's answer to "how was it?", 1 to 5 and a word. One per conversation and person; the latest counts."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="ratings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="ratings")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    word = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "person"], name="one_rating_each"),
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="score_1_to_5"),
        ]
        indexes = [models.Index("person", models.F("at").desc(), name="rating_latest")]

    def __str__(self) -> str:
        return f"{self.score} of 5"

    @classmethod
    def give(cls, conversation: Conversation, person: Person, score: int, word: str = "") -> Rating:
        rating, _ = cls.objects.update_or_create(
            conversation=conversation,
            person=person,
            defaults={"score": score, "word": word.replace("\0", "")[:2000], "at": timezone.now()},
        )
        return rating
