"""One conversation of the demo's history while it is being made: rows that are not saved yet."""

from __future__ import annotations

from datetime import datetime
from random import Random

from evenhand.conversations.models import Conversation, Event, Message
from evenhand.conversations.row import one_line
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person, Team

from .words import Words

CHANNELS = {"mail": 70, "form": 25, "api": 5}


class Thread:
    """What is said in it and what happens to it, in the steps of `Conversation`'s own verbs."""

    def __init__(self, random: Random, person: Person, team: Team, at: datetime, tag: str = "") -> None:
        self.random = random
        self.words = Words(random, person.language, person.name, at, tag)
        topic = self.words.topic
        need = topic["need"] if random.random() < 0.85 else random.choice(("hindered", "question"))
        self.person = person
        self.turn: Turn | None = None
        self.answers = 0
        self.explained = False
        self.ending = False  # the customer has said that it is solved
        self.messages: list[Message] = []
        self.events: list[Event] = []
        self.row = Conversation(
            subject=one_line(self.words.subject()),
            person=person,
            account=person.account,
            team=team,
            channel=random.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            language=person.language,
            topic=topic.get("topic", ""),
            need=need,
            need_first=need,
            opened_at=at,
            changed_at=at,
        )

    def say(self, kind: str, text: str, at: datetime, agent: Agent | None = None) -> Message:
        message = Message(
            conversation=self.row,
            kind=kind,
            text=text,
            at=at,
            agent=agent,
            person=None if agent else self.person,
            leaves_at=at if kind == Message.Kind.AGENT else None,
            sent_at=at if kind == Message.Kind.AGENT else None,
        )
        self.messages.append(message)
        self.row.message_count += 1
        self.row.changed_at = at
        if kind != Message.Kind.NOTE:
            self.row.preview = one_line(text)[:200]
        return message

    def happened(self, what: str, at: datetime, agent: Agent | None = None, **data: object) -> None:
        person = None if agent or what == "woken" else self.person
        self.events.append(Event(conversation=self.row, what=what, at=at, agent=agent, person=person, data=data))

    def waits(self, turn: Turn) -> None:
        self.turn = turn
        self.row.waiting_since, self.row.due_at = turn.waiting_since, turn.due_at

    def rests(self) -> None:
        """Nobody waits for an answer in it now."""
        self.turn = self.row.waiting_since = self.row.due_at = None

    def reopens(self, what: str, at: datetime) -> None:
        if self.row.state != Conversation.State.OPEN:
            self.row.state, self.row.closed_at, self.row.snoozed_until = Conversation.State.OPEN, None, None
            self.happened(what, at)

    def answered(self, kind: str, agent: Agent, at: datetime) -> None:
        """`kind` as in `Words.agent`."""
        self.say(Message.Kind.AGENT, self.words.agent(kind, agent.name), at, agent)
        self.explained = self.explained or kind == "answer"
        self.answers += kind != "glad"
        self.row.first_replied_at = self.row.first_replied_at or at
        self.row.assignee = agent
        self.rests()

    def closes(self, at: datetime, agent: Agent) -> None:
        self.row.state, self.row.closed_at, self.row.changed_at = Conversation.State.CLOSED, at, at
        self.row.snoozed_until = None
        self.rests()
        self.happened("closed", at, agent)

    def snoozes(self, at: datetime, until: datetime, agent: Agent) -> None:
        self.row.state, self.row.snoozed_until, self.row.changed_at = Conversation.State.SNOOZED, until, at
        self.rests()
        self.happened("snoozed", at, agent, until=until.isoformat())
