"""What the worker is woken for here; replies wake it where they are written (`conversations.leaving`)."""

from __future__ import annotations

from evenhand.conversations.waking import wake

READ, BEGIN = "channels.read", "channels.begin"


def readers() -> None:
    """Letters are kept and wait to be read."""
    wake(READ)


def beginners() -> None:
    """Questions are kept and wait to be begun."""
    wake(BEGIN)
