"""Everything that pages say in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

from django.utils.functional import lazy
from django.utils.translation import get_language

from . import pledged, sections
from .plural import Forms

FILES = Path(__file__).parents[1] / "wordings"


@dataclass(frozen=True, slots=True)
class Wording:
    """A language's code, in which direction it is written (ltr, rtl), and its sentences."""

    language: str
    direction: str
    page: sections.Page
    fields: sections.Fields
    time: sections.Time
    need: sections.Need
    home: sections.Home
    ask: sections.Ask
    question: sections.Question
    impact: sections.Impact
    files: sections.Files
    link: sections.Link
    letter: sections.Letter
    conversation: sections.Conversation
    standing: sections.Standing
    rating: sections.Rating
    reply: sections.Reply
    error: sections.Error
    pledge: pledged.Pledge
    light: pledged.Light
    verdict: pledged.Verdict
    chart: pledged.Chart
    found: pledged.Found
    measured: pledged.Measured
    history: pledged.History
    check: pledged.Check
    opinion: pledged.Opinion
    proof: pledged.Proof
    metric: pledged.Metric


@lru_cache
def wording_in(language: str) -> Wording:
    """What pages say in a language (“de”), in English where they do not speak it."""
    code = language.partition("-")[0]
    file = FILES / f"{code}.toml"
    if not code.isalpha() or not file.exists():
        return wording_in("en")
    said = tomllib.loads(file.read_text("utf-8"))
    parts = get_type_hints(Wording)
    made = {name: _part(parts[name], code, given) for name, given in said.items()}
    return Wording(language=code, **made)


def _part(kind: type[Any], language: str, given: Any) -> Any:
    if kind is str:
        return given
    return kind(**{name: _sentence(language, value) for name, value in given.items()})


def _sentence(language: str, given: str | list[str] | dict[str, str]) -> str | tuple[str, ...] | Forms:
    if isinstance(given, dict):
        return Forms(language, given)
    return tuple(given) if isinstance(given, list) else given


def wording() -> Wording:
    """What pages say in the language of the page that is being made, which is Django's active one."""
    return wording_in(get_language() or "en")


def _now(sentence: Callable[[Wording], str]) -> str:
    return sentence(wording())


_later = lazy(_now, str)  # one class for all sentences


def later(sentence: Callable[[Wording], str]) -> str:
    """A sentence that is looked up each time it is shown: for forms, which are declared once and for all languages."""
    return _later(sentence)


class Say:
    """The same for templates that are given nothing: `say.fields.files`."""

    def __getattr__(self, part: str) -> object:
        return getattr(wording(), part)
