from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from .agent import Agent
from .person import Person


class Joined(models.Model):
    """Two records of one person became one: who said so, and why. What was joined stands here, for whoever must undo it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="joined", help_text="Who stayed.")
    name = models.CharField(max_length=200, blank=True, help_text="Of the record that is gone.")
    addresses = ArrayField(models.CharField(max_length=254), default=list)
    conversations = ArrayField(models.BigIntegerField(), default=list, help_text="Numbers of those it had begun.")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{', '.join(self.addresses)} is {self.person}"
