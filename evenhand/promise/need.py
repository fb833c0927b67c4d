"""How much something hurts the customer, asked of everyone in the same two questions."""

from __future__ import annotations

from django.db import models


class Need(models.TextChoices):
    BLOCKED = "blocked", "Blocked"
    HINDERED = "hindered", "Hindered"
    QUESTION = "question", "Question"
    IDEA = "idea", "Idea"


class GoingOn(models.TextChoices):
    """First impact question: can you go on with your work?"""

    NO = "no", "No, I am stuck"
    HARDLY = "hardly", "Yes, but it costs me time or I work around it"
    YES = "yes", "Yes"


class Wish(models.TextChoices):
    """Second impact question: what would help you most?"""

    FIX = "fix", "Getting something to work"
    ANSWER = "answer", "An answer"
    IDEA = "idea", "Having my idea heard"


def need_from(going_on: str, wish: str) -> Need:
    """The need that the two answers make. The same for whoever gives them."""
    if going_on == GoingOn.NO:
        return Need.BLOCKED
    if going_on == GoingOn.HARDLY:
        return Need.HINDERED
    return Need.IDEA if wish == Wish.IDEA else Need.QUESTION
