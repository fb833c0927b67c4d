"""The desk's rows as the columns of an audit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime

import numpy as np

from evenhand.audit.tickets import Duration, Labels, Share, Tickets
from evenhand.fairness.clock import WorkingHours
from evenhand.fairness.durations import Flags, Floats
from evenhand.ledger.facts import Known

from .waits import History, Wait

NEW_FOR_DAYS = 90  # a customer is new for so long


KnownAt = Callable[[Wait], Known | None]


class Columns:
    """Columns of one history. A row is a wait; what concerns a whole conversation stands on its first wait."""

    def __init__(self, history: History, hours: WorkingHours, promise_hours: float) -> None:
        self.history, self.hours, self.promise_hours = history, hours, promise_hours
        self.waits = history.waits
        numbers = np.array([wait.number for wait in self.waits])
        self.leading = np.zeros(len(numbers), dtype=np.bool_)
        self.leading[np.unique(numbers, return_index=True)[1]] = True

    def tickets(self, known: KnownAt) -> Tickets:
        """Everything by plan, spend and use: what must make no difference."""
        facts = [known(wait) for wait in self.waits]
        groups = {"plan": Labels.of([fact.plan if fact else "" for fact in facts])}
        amounts = {}
        for by, field in (("spend", "monthly_spend"), ("use", "usage")):
            amount = np.array([_number(getattr(fact, field) if fact else None) for fact in facts])
            if np.isfinite(amount).any():
                groups[by], amounts[by] = Labels.quarters(amount), amount
        return self._with(groups, amounts, self.strata())

    def accidents(self) -> list[Tickets]:
        """By language, channel, and new or old customer: inequality by accident is inequality too."""
        strata = self.strata()
        new = ["new" if (w.waiting_since - w.known_since).days < NEW_FOR_DAYS else "old" for w in self.waits]
        by = {
            "language": Labels.of([w.language or "unknown" for w in self.waits]),
            "channel": strata["channel"],
            "customer": Labels.of(new),
        }
        return [
            self._with({name: column}, {}, {key: value for key, value in strata.items() if key != name})
            for name, column in by.items()
            if len(column.names) > 1
        ]

    def _with(self, groups: dict[str, Labels], amounts: dict[str, Floats], strata: dict[str, Labels]) -> Tickets:
        return Tickets(
            customer=np.unique([w.account for w in self.waits], return_inverse=True)[1],
            opened=np.array([w.waiting_since.timestamp() / 3600 for w in self.waits]),
            groups=groups,
            amounts=amounts,
            strata=strata,
            places=self.places(),
            durations=self.durations(),
            shares=self.shares(),
        )

    def strata(self) -> dict[str, Labels]:
        """What was known before the desk could have known the plan."""
        return {
            "kind": Labels.of([w.kind for w in self.waits]),
            "need": Labels.of([w.need for w in self.waits]),
            "channel": Labels.of([w.channel for w in self.waits]),
            "topic": Labels.of([w.topic or "none" for w in self.waits]),
        }

    def places(self) -> dict[str, Labels]:
        """Where a difference may arise. Never adjusted for: this is how tiering acts."""
        hour = [f"{w.waiting_since:%H}:00 UTC" for w in self.waits]
        return {
            "team": Labels.of([w.team for w in self.waits]),
            "agent": Labels.of([w.agent or "nobody yet" for w in self.waits]),
            "out of turn": Labels.of(["taken out of turn" if w.jumped else "in turn" for w in self.waits]),
            "skip": Labels.of(["skipped" if w.skips else "not skipped" for w in self.waits]),
            "quarantine": Labels.of(
                ["was in quarantine" if w.set_aside else "never in quarantine" for w in self.waits]
            ),
            "tag": Labels.of([" + ".join(w.tags) or "none" for w in self.waits]),
            "hour": Labels.of(hour),
            "language": Labels.of([w.language or "unknown" for w in self.waits]),
        }

    # --- metrics --------------------------------------------------------------------------------------------------

    def durations(self) -> list[Duration]:
        """First and next reply in working hours, resolution in calendar hours. What is open is censored."""
        worked = np.array([self._worked(w.waiting_since, w.ended_at or self.history.until) for w in self.waits])
        answered = np.array([w.outcome == "answered" for w in self.waits])
        first = np.array([w.kind == "first" for w in self.waits])
        tau = 2 * self.promise_hours
        found = [
            Duration("first reply", np.where(first, worked, np.nan), answered & first, None, tau),
            Duration("next reply", np.where(first, np.nan, worked), answered & ~first, None, tau),
            self._resolution(),
        ]
        return [duration for duration in found if np.isfinite(duration.hours).any()]

    def _worked(self, start: datetime, end: datetime) -> float:
        return max(self.hours.working_minutes_between(start, end) / 60, 1 / 3600)

    def _resolution(self) -> Duration:
        until = self.history.until
        hours = [((w.closed_at or until) - w.opened_at).total_seconds() / 3600 for w in self.waits]
        closed = np.array([w.closed_at is not None for w in self.waits])
        return Duration(
            "resolution", np.where(self.leading, np.maximum(hours, 1 / 3600), np.nan), closed & self.leading
        )

    def shares(self) -> list[Share]:
        outcomes = [self.history.outcomes.get(w.number) for w in self.waits]
        closed = self._flags(lambda w: w.closed_at is not None)
        score = np.array([_number(o.score if o else None) for o in outcomes])
        length = np.array([_number(o.answer_length if o else None) for o in outcomes])
        rated = np.isfinite(score)
        found = {
            "within the promise": self._kept(),
            "reopened": self._once(closed, np.array([bool(o and o.reopened) for o in outcomes])),
            "withdrawn unanswered": self._ended(self._flags(lambda w: w.outcome == "withdrawn" and not w.claimed_at)),
            "rated": self._once(closed, rated),
            "rated 4 or 5": self._once(np.logical_and(closed, rated), score >= 4),
            "skipped": self._ended(self._flags(lambda w: w.skips > 0)),
            "overtaken out of turn": self._ended(self._overtaken()),
            "long answer": self._once(
                np.isfinite(length), length >= (np.nanmedian(length) if np.isfinite(length).any() else 0)
            ),
        }
        return [Share(name, yes) for name, yes in found.items() if np.isfinite(yes).any()]

    def _flags(self, of: Callable[[Wait], bool]) -> Flags:
        return np.array([of(wait) for wait in self.waits], dtype=bool)

    def _once(self, counts: Flags, yes: Flags) -> Floats:
        """1 or 0 on a conversation's first wait where it counts, nan elsewhere."""
        return np.where(self.leading & counts, yes.astype(float), np.nan)

    def _ended(self, yes: Flags) -> Floats:
        return np.where(self._flags(lambda w: w.ended_at is not None), yes.astype(float), np.nan)

    def _kept(self) -> Floats:
        """1 answered in time, 0 not answered when it was due, nan while there is still time or it was withdrawn before."""
        return np.array([self._kept_one(wait) for wait in self.waits])

    def _kept_one(self, wait: Wait) -> float:
        if wait.due_at is None:
            return np.nan
        end = wait.ended_at or self.history.until
        if end > wait.due_at:
            return 0.0
        return 1.0 if wait.outcome == "answered" else np.nan

    def _overtaken(self) -> Flags:
        """Somebody in the same lane was taken out of turn while this one waited."""
        moments: dict[int, list[datetime]] = {}
        for lane, at in self.history.jumps:
            moments.setdefault(lane, []).append(at)
        return self._flags(
            lambda w: (
                _any_between(moments.get(w.lane or 0, []), w.waiting_since, w.claimed_at or w.ended_at) and not w.jumped
            )
        )


def _any_between(moments: list[datetime], start: datetime, end: datetime | None) -> bool:
    return end is not None and bisect_right(moments, start) < bisect_left(moments, end)


def _number(value: object) -> float:
    return float(value) if value is not None else np.nan  # type: ignore[arg-type]
