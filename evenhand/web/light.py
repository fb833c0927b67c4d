"""The one light and the verdicts, in words: the same on every page that shows them."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.parity.models import Statement
from evenhand.parity.statement import STALE_AFTER
from evenhand.web.span import date_words
from evenhand.web.wording import wording


class Light(NamedTuple):
    """Green, amber and red are the audit's; grey is nothing to go by."""

    colour: str
    name: str
    sentence: str

    @classmethod
    def of(cls, statement: Statement | None) -> Light:
        say = wording().light
        if statement is None:
            return cls("grey", say.none, say.none_why)
        if statement.is_stale:
            why = say.stale_why.format(made=date_words(statement.made_at), days=STALE_AFTER.days)
            return cls("grey", say.stale, why)
        return cls(statement.light, colour_words(statement.light), getattr(say, f"{statement.light}_why"))


def colour_words(colour: str) -> str:
    return str(getattr(wording().light, colour))


def verdict_words(verdict: str) -> str:
    return str(getattr(wording().verdict, verdict.replace(" ", "_"), verdict))


def explained(verdict: str) -> str:
    """What a verdict means, in a sentence; "" for one that we do not know."""
    return str(getattr(wording().verdict, f"{verdict.replace(' ', '_')}_why", ""))


def still(statement: Statement) -> str:
    """Why the figures are older than the statement, empty where they are not."""
    since = statement.stands_since
    return wording().verdict.still.format(since=date_words(since)) if since else ""


def metric_words(name: str) -> str:
    """What is measured, or compared by, where a statement names it as we do today."""
    return str(getattr(wording().metric, name.replace(" ", "_"), name))
