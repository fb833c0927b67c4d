"""The promise as a form: one service level, for everyone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from evenhand.people.models import Agent
from evenhand.promise.models import Promise
from evenhand.promise.need import Need

from .hours import day_in, minutes_in, words_of, words_of_day

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = ("first", "next")
CLOSED_DAYS = 400


class PromiseForm(forms.Form):
    time_zone = forms.CharField(label="Time zone", max_length=64)
    holidays_of = forms.CharField(label="Public holidays of", max_length=12, required=False)
    closed_days = forms.CharField(label="Other closed days", required=False, max_length=20_000, widget=forms.Textarea)
    words = forms.CharField(
        label="The promise in your own words", required=False, max_length=1000, widget=forms.Textarea
    )
    applies_from = forms.CharField(label="Applies from", required=False, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            for need in Need:
                self.fields[f"{kind}_{need.value}"] = forms.CharField(label=need.label, max_length=40)
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(label=day, required=False, max_length=120)

    @classmethod
    def showing(cls, promise: Promise) -> PromiseForm:
        """The form filled in with a promise."""
        given: dict[str, object] = {
            "time_zone": promise.time_zone,
            "holidays_of": promise.holidays_of,
            "closed_days": "\n".join(day.isoformat() for day in sorted(promise.closed_days)),
            "words": promise.words,
        }
        for kind, minutes in zip(KINDS, (promise.first_reply, promise.next_reply), strict=True):
            given |= {f"{kind}_{need.value}": words_of(minutes[need]) for need in Need}
        given |= {f"day_{number}": words_of_day(day) for number, day in enumerate(promise.weekly)}
        return cls(initial=given)

    @property
    def times(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(need.value, self[f"first_{need.value}"], self[f"next_{need.value}"]) for need in Need]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(7)]

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"]).strip()
        if name not in available_timezones():
            raise ValidationError(f"There is no time zone “{name}”. Use a name such as Europe/Rome.")
        return name

    def clean_closed_days(self) -> list[date]:
        lines = [
            line.strip() for line in self.cleaned_data["closed_days"].replace(",", "\n").splitlines() if line.strip()
        ]
        if len(lines) > CLOSED_DAYS:
            raise ValidationError(f"At most {CLOSED_DAYS} closed days can be kept.")
        try:
            return sorted({date.fromisoformat(line) for line in lines})
        except ValueError as error:
            raise ValidationError("Write each closed day on a line of its own, like 2026-12-24.") from error

    def _read(self, name: str, reader: Any) -> Any:
        try:
            return reader(self.cleaned_data.get(name, ""))
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        replies = [{need.value: self._read(f"{kind}_{need.value}", minutes_in) for need in Need} for kind in KINDS]
        given["first_reply"], given["next_reply"] = replies
        given["weekly"] = [self._read(f"day_{number}", day_in) for number in range(7)]
        given["from"] = self._from(given)
        if not self.errors:
            try:
                self.promise.clean()
            except ValidationError as error:
                self.add_error(None, error.messages)
        return given

    def _from(self, given: dict[str, Any]) -> datetime:
        """At once unless a moment is given, on the clock of the promise's own zone. Never in the past: what was promised
        stays promised."""
        now = timezone.now()
        if not given.get("applies_from") or "time_zone" not in given:
            return now
        try:
            moment = datetime.fromisoformat(given["applies_from"]).replace(tzinfo=ZoneInfo(given["time_zone"]))
        except ValueError:
            self.add_error("applies_from", "This is not a day and a time, like 2026-12-24T09:00.")
            return now
        if moment < now:
            self.add_error("applies_from", "This has passed. A promise cannot be changed for the past.")
        return moment

    @property
    def promise(self) -> Promise:
        """What is written in the form, not kept yet."""
        given = self.cleaned_data
        return Promise(
            applies_from=given["from"],
            words=given.get("words", "").strip(),
            first_reply=given["first_reply"],
            next_reply=given["next_reply"],
            time_zone=given["time_zone"],
            weekly=given["weekly"],
            holidays_of=given.get("holidays_of", "").strip(),
            closed_days=given["closed_days"],
        )

    def keep(self, by: Agent) -> Promise:
        promise = self.promise
        promise.made_by = by
        promise.save()
        return promise
