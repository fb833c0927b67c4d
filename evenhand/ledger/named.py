"""Whom billing means by a name of its own, by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID


class Word(NamedTuple):
    """That a name of billing's is an account's, from a day on."""

    key: UUID
    as_of: date


class Span(NamedTuple):
    """An account had the name from one day to the other; a day of change is both accounts'."""

    key: UUID
    since: date
    until: date


def spans(words: Iterable[Word]) -> list[Span]:
    """Who had one name when; `words` in the order in which they were said, not empty.

    A word holds from its day on, over all that was said before it: one of a later day is a move, one of the same day or
    an earlier one a correction, after which whoever was named wrongly never had the name. The first holds from the
    beginning, so that what billing said before it could say of whom is counted.
    """
    steps: list[Word] = []
    for word in words:
        while steps and steps[-1].as_of >= word.as_of:
            steps.pop()
        if not steps or steps[-1].key != word.key:
            steps.append(word)
    since = [date.min, *(step.as_of for step in steps[1:])]
    return [Span(step.key, first, last) for step, first, last in zip(steps, since, [*since[1:], date.max], strict=True)]
