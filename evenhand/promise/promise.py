from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import holidays
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from evenhand.fairness.clock import WorkingHours
from evenhand.people.models import Agent

from .need import Need

# Minutes of working time. What a desk promises until it says otherwise.
FIRST_REPLY = {Need.BLOCKED: 60, Need.HINDERED: 240, Need.QUESTION: 480, Need.IDEA: 960}
NEXT_REPLY = {Need.BLOCKED: 60, Need.HINDERED: 240, Need.QUESTION: 480, Need.IDEA: 960}
# Seven days from Monday, each a list of [from, to] in minutes after local midnight.
OFFICE_HOURS = [[[9 * 60, 17 * 60]]] * 5 + [[], []]


def default_first_reply() -> dict[str, int]:
    return {need.value: minutes for need, minutes in FIRST_REPLY.items()}


def default_next_reply() -> dict[str, int]:
    return {need.value: minutes for need, minutes in NEXT_REPLY.items()}


def default_weekly() -> list[list[list[int]]]:
    return [list(day) for day in OFFICE_HOURS]


class Promise(models.Model):
    """One version of the one service level. A change is a new row with the date it applies from; rows never change.

    Nothing relates a promise to a customer: there is one, for everyone.
    """

    applies_from = models.DateTimeField(default=timezone.now, db_index=True)
    made_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    words = models.TextField(blank=True, help_text="The promise in the vendor's own words.")
    first_reply = models.JSONField(default=default_first_reply, help_text="need -> minutes of working time")
    next_reply = models.JSONField(default=default_next_reply, help_text="need -> minutes of working time")
    time_zone = models.CharField(max_length=64, default="UTC")
    weekly = models.JSONField(default=default_weekly, help_text="seven days of [from, to] minutes")
    holidays_of = models.CharField(max_length=12, blank=True, help_text="country, or country-subdivision: DE-BY")
    closed_days = ArrayField(models.DateField(), default=list, blank=True)

    def __str__(self) -> str:
        return f"promise from {self.applies_from:%Y-%m-%d}"

    @classmethod
    def current(cls, at: datetime | None = None) -> Promise:
        """The promise in force at `at` (default: now). A desk that never set one has the default."""
        row = cls.objects.filter(applies_from__lte=at or timezone.now()).order_by("-applies_from", "-id").first()
        return row or cls()

    @property
    def hours(self) -> WorkingHours:
        """The opening hours with holidays and closed days taken out."""
        year = timezone.now().year
        return _hours(
            self.time_zone,
            tuple(tuple((start, end) for start, end in day) for day in self.weekly),
            self.holidays_of,
            tuple(self.closed_days),
            (year - 6, year + 3),
        )

    def minutes_for(self, need: str, kind: str) -> int:
        """The promise in minutes of working time; `kind` is "first" or "next"."""
        return int((self.first_reply if kind == "first" else self.next_reply)[need])

    def due_after(self, since: datetime, need: str, kind: str) -> datetime:
        """When an answer to someone who has waited since `since` is due."""
        return self.hours.due_after(since, self.minutes_for(need, kind))

    def clean(self) -> None:
        for label, minutes in (("first_reply", self.first_reply), ("next_reply", self.next_reply)):
            if set(minutes) != set(Need.values) or not all(isinstance(m, int) and m > 0 for m in minutes.values()):
                raise ValidationError({label: "Give every need a whole number of minutes above zero."})
        try:
            hours = self.hours
            hours.due_after(timezone.now(), 1)
        except (ValueError, KeyError, NotImplementedError) as error:
            raise ValidationError(f"These working hours cannot be used: {error}") from error


@lru_cache(maxsize=32)
def _hours(
    time_zone: str,
    weekly: tuple[tuple[tuple[int, int], ...], ...],
    holidays_of: str,
    closed_days: tuple[date, ...],
    years: tuple[int, int],
) -> WorkingHours:
    closed = set(closed_days)
    if holidays_of:
        country, _, subdivision = holidays_of.partition("-")
        closed |= set(holidays.country_holidays(country, subdiv=subdivision or None, years=range(*years)))
    return WorkingHours(time_zone, weekly, frozenset(closed))
