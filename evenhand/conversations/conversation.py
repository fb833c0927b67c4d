from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from evenhand.people.models import Agent

from .person_verbs import PersonVerbs
from .post_verbs import PostVerbs
from .row import one_line
from .spam_verbs import SpamVerbs

__all__ = ["Conversation", "one_line"]


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: Agent) -> Self:
        """Those of the agent's teams; what one may not see is the same as what does not exist."""
        return self.filter(team__in=agent.teams.values("pk"))

    def standing_for(self, number: int | None) -> Conversation | None:
        """The conversation of that number or, where it was merged, the one that took it in."""
        found = self.filter(pk=number).first() if number else None
        while found and found.merged_into_id:
            found = self.get(pk=found.merged_into_id)
        return found

    def in_box(self, box: str, agent: Agent) -> Self:
        """One of the desk's lists; KeyError for an unknown one."""
        return {
            "waiting": self.filter(state="open", waiting_since__isnull=False),
            "mine": self.filter(state="open", assignee=agent),
            "open": self.filter(state="open"),
            "snoozed": self.filter(state="snoozed"),
            "closed": self.filter(state="closed"),
            "quarantined": self.filter(state="quarantined", spam=False),
            "spam": self.filter(state="quarantined", spam=True),
        }[box]


class Conversation(PersonVerbs, PostVerbs, SpamVerbs):
    """Everything said between one customer and the desk about one thing."""

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "team", F("changed_at").desc(), F("number").desc(), name="conv_open", condition=Q(state="open")
            ),
            models.Index(
                "team", "due_at", "number", name="conv_waiting", condition=Q(state="open", waiting_since__isnull=False)
            ),
            models.Index(
                "assignee", F("changed_at").desc(), F("number").desc(), name="conv_mine", condition=Q(state="open")
            ),
            models.Index(
                "team", F("changed_at").desc(), F("number").desc(), name="conv_closed", condition=Q(state="closed")
            ),
            models.Index("team", "snoozed_until", "number", name="conv_snoozed", condition=Q(state="snoozed")),
            models.Index(
                "team",
                F("changed_at").desc(),
                F("number").desc(),
                name="conv_set_aside",
                condition=Q(state="quarantined", spam=False),
            ),
            models.Index(
                "team",
                F("changed_at").desc(),
                F("number").desc(),
                name="conv_spam",
                condition=Q(state="quarantined", spam=True),
            ),
            models.Index("account", F("number").desc(), name="conv_account"),
            # What else is open at an organisation, beside a conversation: without it all it ever asked would be read.
            models.Index("account", F("number").desc(), name="conv_account_open", condition=Q(state="open")),
            models.Index("person", F("number").desc(), name="conv_person"),
            GinIndex(fields=["tags"], name="conv_tags"),
        ]
