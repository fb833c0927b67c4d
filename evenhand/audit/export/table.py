"""A CSV file as it comes: any usual encoding and separator, rows too short or too long, quoted letters of any length."""

import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

import numpy as np

from evenhand.fairness.durations import Ints

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")  # the last one reads anything
SEPARATORS = ",;\t|"
SAID = re.compile(r'"?sep=([,;\t|])"?\s*$', re.I)
NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF")  # xlsx and zip, xls, gzip, Parquet, PDF
Found = TypeVar("Found")
LARGE = 5_000_000  # bytes, from which on it pays to load Arrow
CHUNK = 4_000  # rows held as lists at a time


@dataclass(frozen=True)
class Words:
    """A column of text that repeats: a code per row, and the spelling of each code."""

    codes: Ints
    spellings: list[str]

    def of(self, rows: Ints) -> "Words":
        return Words(self.codes[rows], self.spellings)


@dataclass(frozen=True)
class Table:
    """The columns asked for, and how many rows could not be cut into columns."""

    texts: dict[str, list[str]]  # mostly different from row to row
    words: dict[str, Words]
    rows: int
    broken: int

    def __contains__(self, name: str) -> bool:
        return name in self.texts or name in self.words


class _Codes(dict[str, int]):
    """Numbers texts in the order in which they come."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


def headers(path: Path) -> list[str]:
    """The names in the first line, in order. Raises ValueError with a sentence."""
    return _attempt(path, lambda file: _header(_reader(file), path))


def read(path: Path, texts: dict[str, list[int]], words: dict[str, int]) -> Table:
    """The columns at the places wanted, by the names given to them. Raises ValueError with a sentence."""
    if path.stat().st_size > LARGE:
        from evenhand.audit.export import large

        found = large.table(path, *_attempt(path, lambda file: _shape(file, path)), texts, words)
        if found:
            return found
    return _attempt(path, lambda file: _table(file, path, texts, words))


def _attempt(path: Path, look: Callable[[TextIO], Found]) -> Found:
    """`look` at the opened file, in the first encoding that fits all of it."""
    try:
        with path.open("rb") as raw:
            mark = raw.read(4)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    if mark.startswith(NO_TEXT):
        raise ValueError(f"{path} is a spreadsheet or an archive, not a CSV file; save its table as CSV.")
    for encoding in _encodings(mark):
        try:
            with path.open(encoding=encoding, newline="") as file:
                return look(file)
        except UnicodeError:
            continue
        except csv.Error as error:
            raise ValueError(f"{path} is not a CSV file: {error}.") from error
    raise ValueError(f"{path} is in no encoding that could be read; save it as UTF-8.")


def _encodings(mark: bytes) -> tuple[str, ...]:
    if mark[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if 0 in mark[:2]:
        return ("utf-16-be",) if mark[0] == 0 else ("utf-16-le",)
    return ENCODINGS


def _reader(file: TextIO) -> Iterator[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return csv.reader(file, delimiter=_separator(file))


def _separator(file: TextIO) -> str:
    """What stands between the columns. The file stands at its header then, after the `sep=;` of some spreadsheets."""
    first = file.readline()
    if told := SAID.match(first):
        return told[1]
    file.seek(0)
    return max(SEPARATORS, key=first.count)


def _shape(file: TextIO, path: Path) -> tuple[str, int, int]:
    """The separator, how many columns the header names, and how many lines there are down to it."""
    separator = _separator(file)
    lines = 2 if file.tell() else 1
    return separator, len(_header(csv.reader(file, delimiter=separator), path)), lines


def _header(rows: Iterator[list[str]], path: Path) -> list[str]:
    names = next(rows, [])
    if not any(name.strip() for name in names):
        raise ValueError(f"{path} is empty: its first line should name the columns.")
    return [name.strip() for name in names]


def _table(file: TextIO, path: Path, texts: dict[str, list[int]], words: dict[str, int]) -> Table:
    rows = _reader(file)
    width = len(_header(rows, path))
    found: dict[str, list[str]] = {name: [] for name in texts}
    codes = {name: _Codes() for name in words}
    coded: dict[str, list[Ints]] = {name: [np.empty(0, np.int64)] for name in words}
    total = broken = 0
    while chunk := list(islice(rows, CHUNK)):
        total += sum(map(bool, chunk))
        broken += sum(len(row) > width for row in chunk)
        columns = _columns(chunk, width)
        for name, places in texts.items():
            found[name] += joined([columns[place] for place in places])
        for name, place in words.items():
            coded[name].append(np.fromiter(map(codes[name].__getitem__, columns[place]), np.int64, len(columns[place])))
    kept = {name: Words(np.concatenate(coded[name]), list(codes[name])) for name in words}
    return Table(found, kept, total, broken)


def joined(columns: list[tuple[str, ...]]) -> Iterable[str]:
    """Texts of several columns as one, such as a date and a time of day."""
    return columns[0] if len(columns) == 1 else [" ".join(parts).strip() for parts in zip(*columns, strict=True)]


def _columns(chunk: list[list[str]], width: int) -> list[tuple[str, ...]]:
    """Rows turned into columns: short ones filled up, long and empty ones left out."""
    if any(len(row) != width for row in chunk):
        chunk = [row + [""] * (width - len(row)) for row in chunk if row and len(row) <= width]
    return list(zip(*chunk, strict=True)) or [()] * width
