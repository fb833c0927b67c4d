from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, models
from django.utils import timezone

from evenhand.people.models import Agent

if TYPE_CHECKING:
    from .conversation import Conversation

KEPT = timedelta(days=90)  # what has been still for so long is not news to anybody
# Looking again at what has not changed writes nothing.
LOOK = """
    INSERT INTO conversations_look (conversation_id, agent_id, seen) VALUES (%s, %s, %s)
    ON CONFLICT (conversation_id, agent_id) DO UPDATE SET seen = EXCLUDED.seen
    WHERE conversations_look.seen < EXCLUDED.seen
"""


class Look(models.Model):
    """How far an agent has seen a conversation: up to the change of `seen`. A row only where somebody looked."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="looks", db_index=False)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    seen = models.DateTimeField(help_text="The conversation's `changed_at` then.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="one_look_each")]

    def __str__(self) -> str:
        return f"{self.agent} at {self.conversation}"

    @classmethod
    def take(cls, conversation: Conversation, agent: Agent) -> None:
        """This agent sees the conversation as it is."""
        with connection.cursor() as cursor:
            cursor.execute(LOOK, [conversation.pk, agent.pk, conversation.changed_at])

    @classmethod
    def forget(cls) -> int:
        return cls.objects.filter(seen__lt=timezone.now() - KEPT).delete()[0]
