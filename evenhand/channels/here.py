from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from evenhand.people.freemail import FREE_MAIL
from evenhand.people.models import Agent

from .mailbox import Mailbox
from .spam.model import SpamModel

LASTS = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Here:
    """How things stand at this desk, looked up once for a few letters."""

    boxes: dict[str, Mailbox]  # by their addresses and aliases, the default one first
    agents: frozenset[str]  # the addresses of those who work here
    domains: frozenset[str]  # where these are: whoever writes from there might be taken for one of them
    spam: SpamModel | None
    at: float  # on the monotonic clock

    @classmethod
    def now(cls) -> Self:
        agents = frozenset(Agent.objects.filter(is_active=True).values_list("email", flat=True))
        domains = frozenset(each.rpartition("@")[2] for each in agents) - FREE_MAIL
        return cls(Mailbox.by_address(), agents, domains, SpamModel.latest(), time.monotonic())

    def still(self) -> Self:
        """As it was a moment ago, or looked up again."""
        return self if time.monotonic() - self.at < LASTS else self.now()
