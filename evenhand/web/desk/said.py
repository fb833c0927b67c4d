"""What happened, as the line between two messages that says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .countdown import local

Data = dict[str, Any]


def said(what: str, who: str, data: Data) -> str:
    """`who` is empty for what the desk did by itself."""
    say = SAYINGS.get(what)
    return say(who or "Evenhand", data) if say else f"{who or 'Evenhand'} {what} it"


def _why(data: Data) -> str:
    reason = data.get("reason") or data.get("why") or data.get("problem")
    return f": {reason}" if reason else ""


def _snoozed(who: str, data: Data) -> str:
    try:
        return f"{who} snoozed it until {local(datetime.fromisoformat(data['until']))}"
    except (KeyError, ValueError):
        return f"{who} snoozed it"


def _tagged(who: str, data: Data) -> str:
    parts = [f"{verb} {' '.join('#' + tag for tag in data[verb])}" for verb in ("added", "removed") if data.get(verb)]
    return f"{who} {' and '.join(parts)}"


SAYINGS: dict[str, Callable[[str, Data], str]] = {
    "assigned": lambda who, data: f"{who} handed this to {data.get('to') or 'nobody in particular'}",
    "taken": lambda who, _: f"{who} took it in its turn",
    "taken out of turn": lambda who, data: f"{who} took it out of turn{_why(data)}",
    "put back": lambda who, data: f"{who} put it back in its place{_why(data)}",
    "snoozed": _snoozed,
    "woken": lambda *_: "The snooze is over",
    "tagged": _tagged,
    "need corrected": lambda who, data: (
        f"{who} changed the need from {data.get('before')} to {data.get('after')}{_why(data)}"
    ),
    "merged": lambda who, data: f"{who} merged this into #{data.get('into')}",
    "merged in": lambda who, data: f"{who} merged #{data.get('number')} in",
    "passed on": lambda who, data: f"{who} passed this on for {data.get('address')}, whose question it is",
    "asked for": lambda who, data: f"{who} said that it is {data.get('address')} who asks, not {data.get('before')}",
    "file held": lambda _, data: f"“{data.get('name')}” is held{_why(data)}",
    "file too large": lambda _, data: (
        f"Too large to be kept apart: {', '.join(data.get('names') or [])}. Open the raw letter"
    ),
    "called spam": lambda who, _: f"{who} set it aside as spam",
    "called wanted": lambda who, _: f"{who} took it back from spam",
    "same person": lambda who, data: f"{who} said that {data.get('address')} is the same person{_why(data)}",
    "not the same person": lambda who, data: (
        f"{who} said that {data.get('address')} is somebody else after all{_why(data)}"
    ),
    "links ended": lambda who, data: f"{who} ended the links of {data.get('address')} to this",
    "released": lambda who, _: f"{who} released it from quarantine",
    "taken back": lambda who, _: f"{who} took an answer back before it left",
    "not delivered": lambda _, data: f"An answer was not delivered{_why(data)}",
    "delayed": lambda _, data: f"An answer is delayed{_why(data)}",
    "partly delivered": lambda _, data: f"An answer did not reach {', '.join(data.get('refused') or ['everyone'])}",
    "not acknowledged": lambda _, data: f"No automatic letter was sent{_why(data)}",
    "confirmed": lambda who, _: f"{who} confirmed that they wrote this",
    "disowned": lambda who, _: f"{who} says that they did not write this",
    "impact said": lambda who, _: f"{who} said how much it hurts",
    "belongs elsewhere": lambda *_: "This belongs to another account now",
    "stranger wrote": lambda _, data: f"Somebody who is not part of this wrote, kept as a note{_why(data)}",
}
