from __future__ import annotations

from django.db import models
from django.utils import timezone

from evenhand.people.models import Agent


class KeptStudy(models.Model):
    """A study of the lab and what came of it, for everyone on the team. It says nothing of any customer."""

    name = models.CharField(max_length=100)
    made_by = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    toml = models.TextField()
    result = models.JSONField(null=True)  # None until it was played
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.name
