"""What becomes of an agent's work when they leave: it spans all they hold, so it belongs to no single conversation."""

from __future__ import annotations

from django.db import transaction

from evenhand.line.models import Turn
from evenhand.people.models import Agent

from .conversation import Conversation


@transaction.atomic
def farewell(agent: Agent, by: Agent) -> int:
    """Deactivate `agent`, put back the turns they hold into their places, and hand what is open and theirs to nobody.
    The number of conversations that were theirs."""
    agent.deactivate()
    Turn.release_from(agent)
    held = list(Turn.objects.held().filter(claimed_by=agent).values_list("number", flat=True))
    for conversation in Conversation.objects.filter(number__in=held).order_by("number"):
        conversation.put_back(agent, f"{agent} no longer works here.")
    theirs = list(Conversation.objects.filter(assignee=agent).exclude(state__in=["closed", "merged"]))
    for conversation in theirs:
        conversation.assign(None, by=by)
    return len(set(held) | {each.number for each in theirs})
