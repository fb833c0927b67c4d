from __future__ import annotations

from typing import Self

from django.db import models

from evenhand.people.models import Agent, Team
from evenhand.people.pool import pool_of
from evenhand.promise.need import Need


class Lane(models.Model):
    """One need level in one pool of agents. Inside it accounts take turns, in rounds."""

    need = models.CharField(max_length=10, choices=Need.choices)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    current_round = models.BigIntegerField(default=0, help_text="The round of the turn most recently started.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "team", "language", "topic"], name="one_lane")]

    def __str__(self) -> str:
        return " ".join(part for part in (self.need, self.language, self.topic) if part)

    @classmethod
    def for_wait(cls, need: str, team_id: int, language: str, topic: str) -> Self:
        """The lane in which this need waits, locked until the transaction ends: one joins or starts at a time."""
        language, topic = pool_of(team_id, language, topic)
        key = {"need": need, "team_id": team_id, "language": language, "topic": topic}
        locked = cls.objects.select_for_update()
        lane = locked.filter(**key).first()
        if lane is None:
            cls.objects.bulk_create([cls(**key)], ignore_conflicts=True)
            lane = locked.get(**key)
        return lane

    @classmethod
    def open_to(cls, agent: Agent) -> list[int]:
        """The lanes this agent may take from: their teams, their skills."""
        rows = cls.objects.filter(team__agents=agent).values_list("id", "language", "topic")
        return [pk for pk, language, topic in rows if agent.can_take(language, topic)]
