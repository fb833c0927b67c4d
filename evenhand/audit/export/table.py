"""A CSV file as it comes: any usual encoding and separator, rows too short or too long, quoted letters of any length."""

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")  # the last one reads anything
SEPARATORS = ",;\t|"
Found = TypeVar("Found")
CHUNK = 20_000  # rows held as lists at a time


@dataclass(frozen=True)
class Table:
    """The columns asked for, as stripped text of equal length, and how many rows could not be cut into columns."""

    columns: dict[str, list[str]]
    rows: int
    broken: int


def headers(path: Path) -> list[str]:
    """The names in the first line, in order. Raises ValueError with a sentence."""
    return _attempt(path, lambda file: _header(_reader(file), path))


def read(path: Path, wanted: dict[str, int]) -> Table:
    """The columns at the places wanted, by the names given to them. Raises ValueError with a sentence."""
    return _attempt(path, lambda file: _columns(file, path, wanted))


def _attempt(path: Path, look: Callable[[TextIO], Found]) -> Found:
    """`look` at the opened file, in the first encoding that fits all of it."""
    try:
        with path.open("rb") as raw:
            mark = raw.read(2)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    encodings = ("utf-16",) if mark in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            with path.open(encoding=encoding, newline="") as file:
                return look(file)
        except UnicodeError:
            continue
        except csv.Error as error:
            raise ValueError(f"{path} is not a CSV file: {error}.") from error
    raise ValueError(f"{path} is in no encoding that could be read; save it as UTF-8.")


def _reader(file: TextIO) -> Iterator[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    first = file.readline()
    file.seek(0)
    separator = max(SEPARATORS, key=first.count)
    return csv.reader((line.replace("\0", "") for line in file), delimiter=separator)


def _header(rows: Iterator[list[str]], path: Path) -> list[str]:
    names = next(rows, [])
    if not any(name.strip() for name in names):
        raise ValueError(f"{path} is empty: its first line should name the columns.")
    return [name.strip() for name in names]


def _columns(file: TextIO, path: Path, wanted: dict[str, int]) -> Table:
    rows = _reader(file)
    width = len(_header(rows, path))
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    total = broken = 0
    while chunk := list(islice(rows, CHUNK)):
        good = [row for row in chunk if row and len(row) <= width]
        total += sum(1 for row in chunk if row)
        broken += sum(1 for row in chunk if len(row) > width)
        for row in good:
            if len(row) < width:
                row += [""] * (width - len(row))
        for name, place in wanted.items():
            columns[name] += [row[place].strip() for row in good]
    return Table(columns, total, broken)
