from __future__ import annotations

from django.db import models
from django.utils import timezone

from evenhand.people.models import Agent


class Judgement(models.Model):
    """An agent's word on whether a conversation began with an unwanted letter: what the classifier learns from."""

    conversation = models.OneToOneField("conversations.Conversation", models.CASCADE, related_name="judgement")
    spam = models.BooleanField()
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("spam", models.F("at").desc(), name="judgement_recent")]

    def __str__(self) -> str:
        return f"{self.agent}: {'spam' if self.spam else 'not spam'}"
