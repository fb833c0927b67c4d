from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.utils import timezone

from evenhand.people.models import Agent, Person

if TYPE_CHECKING:
    from .conversation import Conversation


class Suggestion(models.Model):
    """Something an agent is asked about a conversation. Nothing is done before one of them says so."""

    class Kind(models.TextChoices):
        MERGE = "merge", "It goes on with another conversation"
        REQUESTER = "requester", "Somebody else asks"

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    into = models.ForeignKey("conversations.Conversation", models.CASCADE, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who said so.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind"], condition=models.Q(ended_at=None), name="one_suggestion_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}?"

    @classmethod
    def merging(cls, conversation: Conversation, into: Conversation) -> Self:
        return cls.objects.create(conversation=conversation, kind=cls.Kind.MERGE, into=into)

    @classmethod
    def requester(cls, conversation: Conversation, address: str, name: str) -> Self:
        return cls.objects.create(
            conversation=conversation, kind=cls.Kind.REQUESTER, address=address[:254], name=name.replace("\0", "")[:200]
        )

    @property
    def words(self) -> str:
        """What an agent is asked."""
        if self.kind == self.Kind.MERGE and self.into is not None:
            return f"It looks as if it belongs to #{self.into.pk}, “{self.into.subject}”, of the same person."
        who = f"{self.name} <{self.address}>" if self.name else self.address
        return (
            f"It looks as if one of you passed it on for {who}, but nothing shows that it really came from one of you."
        )

    @property
    def deed(self) -> str:
        return "Merge them" if self.kind == self.Kind.MERGE else "It is their question"

    @classmethod
    def open_for(cls, conversation: int, agent: Agent) -> list[Self]:
        """What an agent is asked about a conversation: never about another one that this agent may not see."""
        open_ones = cls.objects.filter(conversation=conversation, ended_at=None).select_related("into")
        seen = set(agent.teams.values_list("pk", flat=True)) if open_ones else set()
        return [each for each in open_ones if each.into is None or each._may_be_shown(seen)]

    def _may_be_shown(self, teams: set[int]) -> bool:
        into = self.into
        return into is not None and into.team_id in teams and into.state not in ("merged", "quarantined")

    @transaction.atomic
    def accept(self, agent: Agent) -> None:
        """Do what is suggested. Raises ValueError where it cannot be done any more."""
        if not self._end(agent, accepted=True):
            return
        if self.kind == self.Kind.REQUESTER:
            self.conversation.ask_for(Person.at(self.address, self.name), agent)
        elif self.into is not None:
            self.conversation.merge(self.into, agent)

    @transaction.atomic
    def decline(self, agent: Agent) -> None:
        """It is not so, and is not asked again."""
        self._end(agent, accepted=False)

    def _end(self, agent: Agent, *, accepted: bool) -> bool:
        """Whether it was still open: two agents who press at one moment do it once."""
        self.ended_at, self.accepted, self.agent = timezone.now(), accepted, agent
        still = type(self).objects.filter(pk=self.pk, ended_at=None)
        return bool(still.update(ended_at=self.ended_at, accepted=accepted, agent=agent))
