"""Showing where the words that were asked for stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

AROUND, LENGTH = 60, 200  # characters before the first match, and of the whole excerpt
ENDING = 6  # letters a stem's word may go on with
LEXEME = re.compile(r"'((?:[^']|'')*)'(:\*)?")
# The same as search_fold does in the database.
DROPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ς": "σ", "ى": "ي", "ة": "ه", "ß": "ss", "æ": "ae", "œ": "oe"}
)
DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3021-\ud7af\uf900-\ufaff\U00020000-\U000323af]"
)
LETTER = r"[^\W_]"


class Piece(NamedTuple):
    """A part of a text, and whether it is what was asked for."""

    text: str
    marked: bool


class Folding(dict[int, str]):
    """Characters and what they are folded to, filled as they occur; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        bare = DROPPED.sub("", unicodedata.normalize("NFKD", chr(code)))
        self[code] = unicodedata.normalize("NFKC", bare).lower().translate(SPECIAL)
        return self[code]


FOLDING = Folding()


def fold(text: str) -> str:
    """`text` in small letters without accents."""
    return text.lower() if text.isascii() else text.translate(FOLDING)


class Marker:
    """Marks what a tsquery (its text, as `search_query` makes it) asks for."""

    def __init__(self, asked: str) -> None:
        self.lexemes = tuple((lexeme.replace("''", "'"), bool(star)) for lexeme, star in LEXEME.findall(asked))

    def mark(self, text: str, language: str) -> list[Piece]:
        """The whole text in pieces."""
        return _pieces(text, self._ranges(text, language))

    def excerpt(self, texts: list[str], language: str) -> list[Piece]:
        """The surroundings of the first match in any of the texts; the beginning of the last text when none has one."""
        for text in texts:
            line = " ".join(text.split())
            ranges = self._ranges(line, language)
            if ranges:
                return _cut(line, ranges)
        return _cut(" ".join(texts[-1].split()), []) if texts else []

    def _ranges(self, text: str, language: str) -> list[tuple[int, int]]:
        folded = fold(text)
        found = [
            span for pattern, length in _patterns(self.lexemes, language) for span in _spans(pattern, length, folded)
        ]
        return _merged([_unfolded(text, span) for span in found] if len(folded) != len(text) else found)


def _spans(pattern: re.Pattern[str], length: int, folded: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(folded):
        yield (match.start(), match.start() + length) if length else match.span()


@lru_cache(maxsize=256)
def _patterns(lexemes: tuple[tuple[str, bool], ...], language: str) -> list[tuple[re.Pattern[str], int]]:
    """What to look for in a folded text of a language; with a length, where a match stands among overlapping ones."""
    words, pairs = [], []
    for lexeme, beginning in lexemes:
        _, is_stem, marked = lexeme.partition("/")  # "/de/rechnung"
        if is_stem and not marked.startswith(f"{language}/"):
            continue
        word = re.escape(marked.removeprefix(f"{language}/") if is_stem else lexeme)
        if DENSE.match(lexeme):
            pairs.append((re.compile(f"(?={word})"), len(lexeme)))
        else:
            goes_on = f"{LETTER}{{0,{ENDING}}}" if is_stem else f"{LETTER}*" if beginning else ""
            # What stands before a word is looked at once the word is there: a pattern that begins with letters is quickly
            # passed over where they are not.
            words.append(f"{word}(?<!{LETTER}{word}){goes_on}(?!{LETTER})")
    return [(re.compile("|".join(sorted(words, key=len, reverse=True))), 0), *pairs] if words else pairs


def _unfolded(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where a range of the folded text stands in the text."""
    lengths = [len(fold(character)) for character in text]
    start = end = reached = 0
    for index, length in enumerate(lengths):
        if reached <= span[0]:
            start = index
        reached += length
        if reached >= span[1]:
            end = index + 1
            break
    return start, end


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, ranges: list[tuple[int, int]]) -> list[Piece]:
    pieces, reached = [], 0
    for start, end in ranges:
        pieces += [Piece(text[reached:start], False), Piece(text[start:end], True)]
        reached = end
    return [piece for piece in [*pieces, Piece(text[reached:], False)] if piece.text]


def _cut(line: str, ranges: list[tuple[int, int]]) -> list[Piece]:
    """`LENGTH` characters of a line from a little before its first range, at the edges of words."""
    first = ranges[0][0] if ranges else 0
    start = 0 if first <= AROUND else line.find(" ", first - AROUND, first) + 1 or first - AROUND
    end = start + LENGTH
    if end < len(line):
        end = max(line.rfind(" ", start, end), ranges[0][1] if ranges else start, start + LENGTH // 2)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and b > start]
    pieces = _pieces(line[start:end], inside)
    before, after = [Piece("… ", False)] * (start > 0), [Piece(" …", False)] * (end < len(line))
    return [*before, *pieces, *after]
