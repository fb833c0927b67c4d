from __future__ import annotations

from django.db import models

from evenhand.people.models import Agent


class Draft(models.Model):
    """What an agent has begun to write, kept on the server as they type."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, default="agent", help_text="agent (a reply) or note")
    html = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent", "kind"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"draft of {self.agent}"
