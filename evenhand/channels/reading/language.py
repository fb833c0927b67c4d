"""In which language a letter is written."""

import re
import threading
import unicodedata
from functools import lru_cache

from .language_model import LanguageModel

SAMPLE = 240  # characters: more makes it slower and no surer
FEWEST_LETTERS = 12
# By how much a language must be likelier than the next, as a logarithm: twenty times. Said of fewer words it is often a
# neighbour's, and a wrong language is worse than none: the customer's letter and page would be in it (docs/reading.md).
SURE = 3.0
LETTER = re.compile("[A-Za-z]")
NOISE = re.compile(r"\S{0,80}(?:@|://)\S{0,200}")
# Alphabets that one language of mail has for itself.
OWN_ALPHABET = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "TAMIL": "ta",
    "TELUGU": "te",
    "BENGALI": "bn",
    "KHMER": "km",
    "LAO": "lo",
}
LOADING = threading.Lock()


def language_of(text: str) -> str:
    """The ISO 639-1 code, or "" where there are too few words to be sure."""
    sample = NOISE.sub(" ", text[: SAMPLE * 2])[:SAMPLE]
    if sample.isascii():
        return model().language_of(sample, SURE) if len(LETTER.findall(sample)) >= FEWEST_LETTERS else ""
    letters = [char for char in sample if char.isalpha()]
    if own := by_alphabet(letters):
        return own
    return model().language_of(sample, SURE) if len(letters) >= FEWEST_LETTERS else ""


def by_alphabet(letters: list[str]) -> str:
    """The language that a text's alphabet alone tells; kana among Han characters are Japanese."""
    if not letters:
        return ""
    foreign = [char for char in letters if char > "\u036f"]
    if len(foreign) * 4 < len(letters):
        return ""
    counts: dict[str, int] = {}
    for char in foreign[:200]:
        if own := OWN_ALPHABET.get(unicodedata.name(char, "").partition(" ")[0]):
            counts[own] = counts.get(own, 0) + 1
    best = max(counts, key=counts.__getitem__, default="")
    enough = counts.get(best, 0) * (12 if best == "ja" else 2) >= min(len(foreign), 200)
    return best if enough else ""


def model() -> LanguageModel:
    """The model, made once per process and only when a letter needs it, whoever needs it first."""
    with LOADING:
        return _model()


@lru_cache(maxsize=1)
def _model() -> LanguageModel:
    return LanguageModel.condensed()
