"""What our letters say of themselves, in the reader's language. A new language is a new file in `wordings/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

FILES = Path(__file__).parent / "wordings"


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences with places to fill: {number}, {url}, {desk}, {date}, {name}, {promised}, {limit}."""

    language: str
    subject: str
    acknowledgement: str
    asked_subject: str
    asked: str
    promised: str
    wrote: str
    page: str
    too_large: str


def wording_in(language: str) -> Wording:
    """The sentences in a language (an ISO 639 code, "de" or "de-AT"), in the desk's own where we do not speak it."""
    return _read(_spoken(language))


@cache
def _read(language: str) -> Wording:
    return Wording(language, **tomllib.loads((FILES / f"{language}.toml").read_text("utf-8")))


def _spoken(language: str) -> str:
    code = language.lower().partition("-")[0].partition("_")[0]
    return code if code in languages() else settings.EVENHAND_LANGUAGE


def written(at: datetime, time_zone: str, language: str) -> str:
    """A moment as it is written in a language, on the clock of a time zone, which it names."""
    local = at.astimezone(ZoneInfo(time_zone))
    with translation.override(_spoken(language)):
        parts = (date_format(local, form) for form in ("l", "MONTH_DAY_FORMAT", "H:i"))
        return f"{', '.join(parts)} ({time_zone.rpartition('/')[2].replace('_', ' ')})"


@cache
def languages() -> list[str]:
    """The codes of the languages that letters are written in."""
    return sorted(file.stem for file in FILES.glob("*.toml"))
