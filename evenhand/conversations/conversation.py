from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from evenhand.line import taking
from evenhand.line.models import Turn
from evenhand.people.models import Account, Agent, Person, Team
from evenhand.promise.need import Need

from . import live
from .attachment import Upload
from .event import Event
from .message import Message

SUBJECT_LENGTH = 300


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: Agent) -> Self:
        """Those of the agent's teams; what one may not see is the same as what does not exist."""
        return self.filter(team__in=agent.teams.values("pk"))

    def in_box(self, box: str, agent: Agent) -> Self:
        """One of the desk's lists; KeyError for an unknown one."""
        return {
            "waiting": self.filter(state="open", waiting_since__isnull=False),
            "mine": self.filter(state="open", assignee=agent),
            "open": self.filter(state="open"),
            "snoozed": self.filter(state="snoozed"),
            "closed": self.filter(state="closed"),
            "quarantined": self.filter(state="quarantined"),
        }[box]


class Conversation(models.Model):
    """Everything said between one customer and the desk about one thing."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SNOOZED = "snoozed", "Snoozed"
        CLOSED = "closed", "Closed"
        QUARANTINED = "quarantined", "Quarantined"  # could not be understood or not be trusted: an agent looks
        MERGED = "merged", "Merged"

    number = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="conversations")
    account = models.ForeignKey(Account, models.PROTECT, related_name="conversations")
    team = models.ForeignKey(Team, models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=10, default="mail", help_text="mail, form or api")
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    need = models.CharField(max_length=10, choices=Need.choices, default=Need.QUESTION)
    need_first = models.CharField(max_length=10, choices=Need.choices, default=Need.QUESTION)  # before anyone changed it
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="conversations")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    preview = models.CharField(max_length=200, blank=True, help_text="How the latest message begins.")
    message_count = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it is in quarantine, in a sentence.")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("team", F("changed_at").desc(), F("number").desc(), name="conv_open", condition=Q(state="open")),
            models.Index(
                "team", "due_at", "number", name="conv_waiting", condition=Q(state="open", waiting_since__isnull=False)
            ),
            models.Index(
                "assignee", F("changed_at").desc(), F("number").desc(), name="conv_mine", condition=Q(state="open")
            ),
            models.Index("team", F("changed_at").desc(), F("number").desc(), name="conv_closed", condition=Q(state="closed")),
            models.Index("team", "snoozed_until", "number", name="conv_snoozed", condition=Q(state="snoozed")),
            models.Index("team", F("changed_at").desc(), F("number").desc(), name="conv_quarantined", condition=Q(state="quarantined")),
            models.Index("account", F("number").desc(), name="conv_account"),
            models.Index("person", F("number").desc(), name="conv_person"),
            GinIndex(fields=["tags"], name="conv_tags"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    # --- What the customer does ---------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def start(
        cls,
        person: Person,
        team: Team,
        subject: str,
        text: str,
        *,
        html: str = "",
        quoted: str = "",
        need: str = Need.QUESTION,
        channel: str = "mail",
        language: str = "",
        topic: str = "",
        uploads: Iterable[Upload] = (),
        at: datetime | None = None,
        problem: str = "",
        waits: bool = True,
    ) -> tuple[Conversation, Message]:
        """A customer begins a conversation. With a `problem` it goes to quarantine, else into the line unless it is
        automatic mail, which waits for nobody (`waits`)."""
        at = at or timezone.now()
        conversation = cls.objects.create(
            person=person,
            account_id=person.account_id,
            team=team,
            subject=one_line(subject),
            channel=channel,
            language=language,
            topic=topic,
            need=need,
            need_first=need,
            opened_at=at,
            changed_at=at,
            problem=problem[:300],
            state=cls.State.QUARANTINED if problem else cls.State.OPEN,
        )
        message = conversation._add(
            Message.Kind.CUSTOMER, text, person=person, html=html, quoted=quoted, uploads=uploads, at=at
        )
        if waits and not problem:
            conversation._wait(at)
        conversation.save()
        conversation._tell("started")
        return conversation, message

    @transaction.atomic
    def receive(
        self,
        person: Person,
        text: str,
        *,
        html: str = "",
        quoted: str = "",
        uploads: Iterable[Upload] = (),
        at: datetime | None = None,
        automatic: bool = False,
    ) -> Message:
        """A customer writes again. It reopens what was closed or snoozed and joins the line, where asking again while
        waiting changes no place. Automatic mail (out of office) is kept and changes nothing."""
        at = at or timezone.now()
        self.lock()
        kind = Message.Kind.AUTOMATIC if automatic else Message.Kind.CUSTOMER
        message = self._add(kind, text, person=person, html=html, quoted=quoted, uploads=uploads, at=at)
        if not automatic and self.state != self.State.QUARANTINED:
            if self.state in (self.State.CLOSED, self.State.SNOOZED):
                self._open("reopened", person=person)
            self._wait(at)
        self.save()
        self._tell("received")
        return message

    # --- What an agent does -------------------------------------------------------------------------------------

    @transaction.atomic
    def reply(
        self,
        agent: Agent,
        text: str,
        *,
        html: str = "",
        uploads: Iterable[Upload] = (),
        cc: Iterable[str] = (),
        leaves_at: datetime | None = None,
        close: bool = False,
        at: datetime | None = None,
    ) -> Message:
        """Answer the customer. The message waits with `sent_at` empty until channels sends it, not before `leaves_at`."""
        at = at or timezone.now()
        self.lock()
        if self.state in (self.State.CLOSED, self.State.SNOOZED, self.State.QUARANTINED):
            self._open("reopened", agent=agent)
        message = self._add(
            Message.Kind.AGENT, text, agent=agent, html=html, uploads=uploads, cc=cc, at=at, leaves_at=leaves_at or at
        )
        self._answered(at)
        self.assignee = agent
        if close:
            self._close(agent=agent, at=at)
        self.save()
        self._tell("replied", agent)
        return message

    @transaction.atomic
    def note(self, agent: Agent, text: str, *, html: str = "", uploads: Iterable[Upload] = ()) -> Message:
        """Something only colleagues read."""
        self.lock()
        message = self._add(Message.Kind.NOTE, text, agent=agent, html=html, uploads=uploads, at=timezone.now())
        self.save()
        self._tell("noted", agent)
        return message

    @transaction.atomic
    def assign(self, to: Agent | None, by: Agent) -> None:
        """Hand the conversation to a colleague, or to nobody."""
        self.lock()
        if self.assignee_id == (to.pk if to else None):
            return
        self.assignee = to
        self.save(update_fields=["assignee"])
        if to:
            taking.give(self.number, to)
        self._happened("assigned", agent=by, to=to.name if to else "")

    @transaction.atomic
    def take(self, agent: Agent, reason: str) -> None:
        """Take it out of turn; raises `taking.Taken`."""
        turn = taking.take(agent, self.number, reason)
        self._taken_by(agent, out_of_turn=bool(turn.claims.filter(way="out_of_turn").exists()), reason=reason)

    @classmethod
    @transaction.atomic
    def take_next(cls, agent: Agent) -> Conversation | None:
        """The conversation whose turn it is for this agent; None when nobody waits whom they may serve."""
        turn = taking.take_next(agent)
        if turn is None:
            return None
        conversation = cls.objects.get(number=turn.number)
        conversation._taken_by(agent)
        return conversation

    def _taken_by(self, agent: Agent, *, out_of_turn: bool = False, reason: str = "") -> None:
        Conversation.objects.filter(pk=self.pk).update(assignee=agent)
        self.assignee = agent
        self._happened("taken out of turn" if out_of_turn else "taken", agent=agent, reason=reason)

    @transaction.atomic
    def put_back(self, agent: Agent, reason: str) -> None:
        """Leave it for a colleague, in its place in the line; raises `taking.Taken`."""
        taking.put_back(agent, self.number, reason)
        self.lock()
        if self.assignee_id == agent.pk:
            self.assignee = None
        self.save(update_fields=["assignee"])
        self._happened("put back", agent=agent, reason=reason)

    @transaction.atomic
    def close(self, agent: Agent | None = None, person: Person | None = None) -> None:
        """Finished, said by an agent or by the customer."""
        self.lock()
        if self.state == self.State.CLOSED:
            return
        self._close(agent=agent, person=person, at=timezone.now())
        self.save()
        self._tell("closed", agent)

    @transaction.atomic
    def reopen(self, agent: Agent | None = None, person: Person | None = None) -> None:
        """Not finished after all. Whoever was waiting for an answer when it was closed waits again."""
        self.lock()
        if self.state in (self.State.OPEN, self.State.MERGED):
            return
        self._open("reopened", agent=agent, person=person)
        latest = self.messages.filter(kind__in=[Message.Kind.CUSTOMER, Message.Kind.AGENT]).order_by("-id").first()
        if latest and latest.kind == Message.Kind.CUSTOMER:
            self._wait(timezone.now())
        self.save()
        self._tell("reopened", agent)

    @transaction.atomic
    def snooze(self, agent: Agent, until: datetime) -> None:
        """Put aside until a moment; a letter of the customer brings it back sooner."""
        self.lock()
        Turn.end(self.number, Turn.Outcome.WITHDRAWN)
        self.state, self.snoozed_until = self.State.SNOOZED, until
        self.waiting_since = self.due_at = None
        self.changed_at = timezone.now()
        self.save()
        self._happened("snoozed", agent=agent, until=until.isoformat())

    @transaction.atomic
    def wake(self) -> None:
        """The snooze is over: it waits again, for the agent who put it aside if they are there."""
        self.lock()
        if self.state != self.State.SNOOZED:
            return
        self._open("woken")
        self._wait(timezone.now())
        self.save()
        self._tell("woken")

    @transaction.atomic
    def tag(self, agent: Agent, tags: Iterable[str]) -> None:
        """Set the tags."""
        self.lock()
        before, after = set(self.tags), {one_line(tag).lower()[:40] for tag in tags if tag.strip()}
        if before == after:
            return
        self.tags = sorted(after)
        self.save(update_fields=["tags"])
        self._happened("tagged", agent=agent, added=sorted(after - before), removed=sorted(before - after))

    @transaction.atomic
    def correct_need(self, need: str, reason: str, agent: Agent | None = None, person: Person | None = None) -> None:
        """The need was another one: an agent says why, or the customer answers the impact questions. The wait counts
        from the same moment; the due time follows the new need."""
        self.lock()
        if need == self.need:
            return
        before, self.need = self.need, Need(need).value
        Turn.move(self.number, self.need, self.team_id, self.language, self.topic)
        turn = Turn.objects.live().filter(number=self.number).first()
        self.due_at = turn.due_at if turn else None
        self.save(update_fields=["need", "due_at"])
        self._happened("need corrected", agent=agent, person=person, before=before, after=need, reason=reason)

    @transaction.atomic
    def merge(self, into: Conversation, agent: Agent) -> None:
        """This one was about the same thing as `into`: its messages move there, and late letters follow."""
        if self.pk == into.pk or into.state == self.State.MERGED:
            raise ValueError("A conversation can be merged into another one that is not merged itself.")
        self.lock()
        into.lock()
        waiting_since = self.waiting_since
        Turn.end(self.number, Turn.Outcome.WITHDRAWN)
        self.messages.update(conversation=into)
        self.links.update(conversation=into)
        into.message_count += self.message_count
        into.changed_at = timezone.now()
        if waiting_since:
            into._wait(waiting_since)
        into.save()
        self.state, self.merged_into = self.State.MERGED, into
        self.waiting_since = self.due_at = self.assignee = None
        self.message_count = 0
        self.save()
        self._happened("merged", agent=agent, into=into.number)
        into._happened("merged in", agent=agent, number=self.number)

    @transaction.atomic
    def release(self, agent: Agent) -> None:
        """Out of quarantine: an agent looked and it is a letter like any other. It has waited since it arrived."""
        self.lock()
        if self.state != self.State.QUARANTINED:
            return
        self._open("released", agent=agent)
        self._wait(self.opened_at)
        self.save()
        self._tell("released", agent)

    # --- How it is done -----------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Lock this row and read it anew. The lane comes first, as in taking: no two acts wait for each other."""
        Turn.lock(self.pk)
        fresh = Conversation.objects.select_for_update().get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))

    def _add(self, kind: str, text: str, *, uploads: Iterable[Upload], at: datetime, **fields: object) -> Message:
        message = Message.write(self, kind, text, at=at, uploads=uploads, **fields)
        self.message_count += 1
        self.changed_at = at
        if kind != Message.Kind.NOTE:
            self.preview = one_line(message.text)[:200]
        return message

    def _wait(self, since: datetime) -> None:
        kind = Turn.Kind.NEXT if self.first_replied_at else Turn.Kind.FIRST
        turn = Turn.join(
            self.pk, self.account_id, self.need, kind, self.team_id, self.language, self.topic, self.assignee, since
        )
        self.waiting_since, self.due_at = turn.waiting_since, turn.due_at

    def _answered(self, at: datetime) -> None:
        Turn.end(self.pk, Turn.Outcome.ANSWERED, at)
        self.waiting_since = self.due_at = None
        self.first_replied_at = self.first_replied_at or at

    def _open(self, what: str, agent: Agent | None = None, person: Person | None = None) -> None:
        self.state, self.closed_at, self.snoozed_until = self.State.OPEN, None, None
        self.changed_at = timezone.now()
        Event.record(self, what, agent=agent, person=person)

    def _close(self, *, at: datetime, agent: Agent | None = None, person: Person | None = None) -> None:
        Turn.end(self.pk, Turn.Outcome.WITHDRAWN, at)
        self.state, self.closed_at, self.changed_at = self.State.CLOSED, at, at
        self.waiting_since = self.due_at = self.snoozed_until = None
        Event.record(self, "closed", agent=agent, person=person)

    def _happened(self, what: str, agent: Agent | None = None, person: Person | None = None, **data: object) -> None:
        Event.record(self, what, agent=agent, person=person, **data)
        self._tell(what, agent)

    def _tell(self, what: str, agent: Agent | None = None) -> None:
        live.tell(what, number=self.pk, team=self.team_id, agent=agent.pk if agent else None)


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """`text` without line breaks or control characters, which a header or a list could be broken with."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:length]
