"""What our letters say of themselves, in the reader's language. A new language is a new file in `wordings/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILES = Path(__file__).parent / "wordings"


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences with places to fill: {number}, {url}, {desk}, {date}, {name}."""

    subject: str
    acknowledgement: str
    wrote: str
    page: str


@lru_cache
def wording_in(language: str) -> Wording:
    """The sentences in a language (an ISO 639 code, "de" or "de-AT"), in English where we do not speak it."""
    code = language.lower().partition("-")[0].partition("_")[0]
    file = FILES / f"{code}.toml"
    if not code.isalpha() or not file.exists():
        file = FILES / "en.toml"
    return Wording(**tomllib.loads(file.read_text("utf-8")))


def languages() -> list[str]:
    return sorted(file.stem for file in FILES.glob("*.toml"))
