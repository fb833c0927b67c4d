from __future__ import annotations

from django.db import models
from django.utils import timezone

from evenhand.people.models import Agent

from .turn import Turn


class Claim(models.Model):
    """An agent took a turn: when, how, and why if it was out of turn."""

    class Way(models.TextChoices):
        NEXT = "next", "Next in line"
        OWN = "own", "Waited for their own agent"
        OUT_OF_TURN = "out_of_turn", "Out of turn"
        ASSIGNED = "assigned", "Given by a colleague"

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="claims")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=12, choices=Way.choices)
    reason = models.CharField(max_length=300, blank=True)
    put_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(way="out_of_turn", reason=""), name="out_of_turn_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.agent} took {self.turn}"


class Skip(models.Model):
    """An agent was offered a turn and left it for a colleague, with a reason."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="skips")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="skip_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} left {self.turn}"
