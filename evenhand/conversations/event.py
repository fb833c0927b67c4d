from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from evenhand.people.models import Agent, Person

if TYPE_CHECKING:
    from .row import ConversationRow


class Event(models.Model):
    """Something that happened to a conversation: what, when, by whom, and what there is to say about it."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="events")
    what = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.what} at {self.at}"

    @classmethod
    def record(
        cls,
        conversation: ConversationRow,
        what: str,
        agent: Agent | None = None,
        person: Person | None = None,
        **data: object,
    ) -> Event:
        return cls.objects.create(conversation=conversation, what=what, agent=agent, person=person, data=data)
