from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evenhand.line.models import Turn
from evenhand.people.models import Agent

from .event import Event
from .judgement import Judgement
from .message import Message
from .row import ConversationRow


class SpamVerbs(ConversationRow):
    """Setting aside what nobody wants, and taking it back. Nothing is deleted."""

    class Meta:
        abstract = True

    @transaction.atomic
    def call_spam(self, agent: Agent) -> None:
        """An agent says that nobody wants this: it leaves the line and is set aside, where it can be found."""
        self.lock()
        if self.state == self.State.MERGED or (self.spam and self.state == self.State.QUARANTINED):
            return
        waiting = self.waiting_since.isoformat() if self.waiting_since else ""
        before = self.state
        Turn.end(self.pk, Turn.Outcome.WITHDRAWN)
        self.state, self.spam, self.problem = self.State.QUARANTINED, True, f"{agent} said that it is spam."
        self.waiting_since = self.due_at = self.snoozed_until = None
        self.changed_at = timezone.now()
        self.save()
        self._judge(agent, spam=True)
        self._happened("called spam", agent=agent, waiting=waiting, before=before)

    @transaction.atomic
    def call_wanted(self, agent: Agent) -> None:
        """It is a customer's after all: it waits since it began to, as if nobody had set it aside, and counts as the
        desk's mistake in what the classifier learns."""
        self.lock()
        if not self.spam or self.state != self.State.QUARANTINED:
            return
        since, before = self._as_it_was()
        self._open("called wanted", agent=agent)
        if since:
            self._wait(since)
        elif before == self.State.CLOSED:
            self.state, self.closed_at = self.State.CLOSED, self.changed_at
        self.save()
        self._judge(agent, spam=False)
        self._tell("called wanted", agent)

    def _as_it_was(self) -> tuple[datetime | None, str]:
        """Since when it waited when an agent set it aside, and its state then; since it arrived, where a machine did,
        or where a customer's words were the last ones."""
        said = Event.objects.filter(conversation_id=self.pk, what="called spam").order_by("-id").first()
        if said and said.data.get("before") != self.State.QUARANTINED:
            waiting = said.data.get("waiting")
            latest = (
                Message.objects.filter(conversation_id=self.pk).exclude(kind=Message.Kind.NOTE).order_by("-id").first()
            )
            wrote = latest if latest and latest.kind == Message.Kind.CUSTOMER and latest.at > said.at else None
            return (datetime.fromisoformat(waiting) if waiting else wrote.at if wrote else None), said.data.get(
                "before", ""
            )
        return self.opened_at, ""

    def _judge(self, agent: Agent, *, spam: bool) -> None:
        Judgement.objects.update_or_create(
            conversation_id=self.pk, defaults={"spam": spam, "agent": agent, "at": timezone.now()}
        )
