"""How well the language of short texts is told: `python -m bench.languages`.

The texts are the messages of Django and allauth as their translators wrote them: errors, letters, labels of a few words.
Beside ours, py3langid as it comes.
"""

from __future__ import annotations

import gettext
import importlib.util
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from evenhand.channels.reading import language

MAIL = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
EACH = 120  # texts of a language
LEAST, MOST, SHORT = 25, 240, 60  # characters
SAME = {"nb": "no", "nn": "no"}
CATALOGUES = {"django": ("contrib/*/locale", "conf/locale"), "allauth": ("locale",)}
NOT_WORDS = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[^}]*\}|<[^>]*>|\s+")


def texts() -> list[tuple[str, str]]:
    """(language, text), the same ones each time."""
    found: dict[str, set[str]] = {}
    for said_in, text in _messages():
        found.setdefault(said_in, set()).add(text)
    source = random.Random("texts")
    return [
        (each, text[:MOST]) for each in MAIL for text in source.sample(sorted(found[each]), min(EACH, len(found[each])))
    ]


def _messages() -> Iterator[tuple[str, str]]:
    for package, folders in CATALOGUES.items():
        root = Path(importlib.util.find_spec(package).origin).parent  # type: ignore[union-attr, arg-type]
        for path in (path for each in folders for path in root.glob(f"{each}/*/LC_MESSAGES/django.mo")):
            its = path.parts[-3].partition("_")[0]
            for english, text in gettext.GNUTranslations(path.open("rb"))._catalog.items():  # type: ignore[attr-defined]
                if not isinstance(english, str) or not english or "_Latn" in path.parts[-3]:
                    continue
                for said_in, words in (("en", english), (SAME.get(its, its), text)):
                    plain = " ".join(NOT_WORDS.sub(" ", words).split())
                    if len(plain) >= LEAST and (said_in == "en" or words != english):
                        yield said_in, plain


def row(name: str, load: Callable[[], Callable[[str], str]]) -> list[str]:
    before = psutil.Process().memory_full_info().pss
    tell = load()
    tell("Is anybody here?")
    memory = (psutil.Process().memory_full_info().pss - before) / 2**20
    asked, begin = texts(), time.process_time()
    told = [(len(text), SAME.get(said := tell(text), said), expected) for expected, text in asked]
    each = (time.process_time() - begin) / len(asked) * 1e6
    kinds = ([(said, its) for length, said, its in told if (length < SHORT) == wanted] for wanted in (True, False))
    return [name, *(share for kind in kinds for share in _shares(kind)), f"{memory:.0f}", f"{each:.0f}"]


def _shares(told: list[tuple[str, str]]) -> tuple[str, str]:
    """Of the texts, how many were told rightly, and how many wrongly; of the rest nothing was said."""
    right, wrong = (sum((said == its) is wanted for said, its in told if said) for wanted in (True, False))
    return f"{right / len(told):.1%}", f"{wrong / len(told):.1%}"


def ours() -> Callable[[str], str]:
    return language.model().language_of


def as_the_desk() -> Callable[[str], str]:
    return language.language_of


def library() -> Callable[[str], str]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    return lambda text: model.classify(text)[0]


def main() -> None:
    table = Table(title=f"{len(texts()):,} texts in {len(MAIL)} languages", title_justify="left")
    for head in ("", f"right, under {SHORT} characters", "wrong", "right, longer", "wrong", "memory, MiB", "µs a text"):
        table.add_column(head, justify="right" if head else "left")
    for name, load in (("when sure", as_the_desk), ("ours", ours), ("py3langid", library)):
        table.add_row(*row(name, load))
    Console().print(table)


if __name__ == "__main__":
    main()
