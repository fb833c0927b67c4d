"""Columns of a CSV or Parquet file by the names the lab uses, and moments in whatever usual form they are written."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from .refused import Refused
from .written import Written

KNOWN = (
    "ticket",
    "activity",
    "time",
    "opened",
    "first_reply",
    "resolved",
    "customer",
    "plan",
    "need",
    "agent",
    "effort",
)

ROW = 900  # bytes of memory that a row takes until it has been played, as measured

# Unambiguous forms first. Two-digit years are refused: nobody knows which century.
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
)
DAY_FIRST = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M",
)  # fmt: skip
MONTH_FIRST = (
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m-%d-%Y %H:%M",
)  # fmt: skip


def mapped(text: str, known: tuple[str, ...] = KNOWN) -> dict[str, str]:
    """`opened=Created at,customer=Account` as a dictionary; names the lab does not know are refused."""
    found: dict[str, str] = {}
    pieces = re.split(r",(?=\s*[A-Za-z_]+\s*=)", text)  # a column's own name may hold commas
    for part in filter(None, (piece.strip().rstrip(",") for piece in pieces)):
        name, equals, column = part.partition("=")
        if not equals or name.strip() not in known:
            raise Refused(f"“{part}” in --map: write NAME=COLUMN, where NAME is one of {', '.join(known)}.")
        found[name.strip()] = column.strip()
    return found


def read(path: Path, names: dict[str, str]) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """(the mapped columns as arrow arrays of text, all of one length; the lines that are no rows of the table, and why)."""
    if path.stat().st_size == 0:
        raise Refused(f"{path.name} is empty. Give a file with one row a ticket, or one row an event.")
    try:
        parquet = path.suffix.lower() in (".parquet", ".pq")
        written = None if parquet else Written.of(path)
        present = written.heading if written else pa.parquet.read_schema(path).names
        missing = [column for column in names.values() if column not in present]
        if missing:
            raise Refused(f"{path.name} has no column “{missing[0]}”. It has: {', '.join(present)}.")
        wanted = list(dict.fromkeys(names.values()))  # and no other: a large file is read for these alone
        table, broken = written.read(wanted) if written else (pa.parquet.read_table(path, columns=wanted), [])
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError) as error:
        raise Refused(f"{path.name} cannot be read as a table: {str(error).splitlines()[0]}") from None
    most = int(free_memory() / ROW)
    if table.num_rows > most:
        raise Refused(
            f"{path.name} has {table.num_rows:,} rows, and about {most:,} fit in the memory that is free. Cut it into shorter times, and replay "
            "one of them."
        )
    if table.num_rows == 0:
        raise Refused(f"{path.name} has a heading and no rows: there is no history to replay.")
    return {name: pc.cast(table[column].combine_chunks(), pa.string()) for name, column in names.items()}, broken


def moments(text: Any, zone: ZoneInfo, dates: str | None = None) -> npt.NDArray[np.float64]:
    """Seconds since 1970 of each moment; NaN where it is none. Moments without an offset are read in `zone`.

    `dates` is dmy or mdy; without it a column that can be read both ways is refused.
    """
    text = pc.utf8_trim_whitespace(text)
    clean = pc.replace_substring_regex(text, r"(\d:\d\d(?::\d\d)?)([.,]\d+)", r"\1")
    fraction = pc.struct_field(pc.extract_regex(text, r"\d:\d\d:\d\d[.,](?P<part>\d+)"), "part")
    result = np.full(len(text), np.nan)
    nothing = np.asarray(pc.equal(pc.fill_null(text, ""), ""))
    _with_offset(clean, result)
    forms = FORMS + _ambiguous(clean, result, dates)
    for form in forms:
        open_ = np.isnan(result) & ~nothing
        if not open_.any():
            break
        parsed = pc.strptime(clean, format=form, unit="s", error_is_null=True)
        stamps = pc.assume_timezone(parsed, str(zone), ambiguous="earliest", nonexistent="latest")
        seconds = _numbers(pc.cast(stamps, pa.int64()))
        result[open_] = seconds[open_]
    part = _numbers(pc.cast(pc.binary_join_element_wise("0.", fraction, ""), pa.float64()))
    return result + np.nan_to_num(part)


def _numbers(column: Any) -> npt.NDArray[np.float64]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def free_memory() -> float:
    """Bytes, where the system says so; else endless."""
    try:
        told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        return float(told["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return float("inf")


def codes(column: Any, missing: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """(a number for each row, the names in order of the alphabet); rows without one are `missing`."""
    full = pc.fill_null(column, missing)
    known = pc.if_else(pc.equal(full, ""), missing, full).dictionary_encode()
    names = np.array(known.dictionary.to_pylist(), dtype=object)
    order = np.argsort(names, kind="stable")
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    return place[np.asarray(known.indices)], tuple(str(name) for name in names[order])


def _with_offset(clean: Any, result: npt.NDArray[np.float64]) -> None:
    """Moments that carry their own offset, in ISO 8601, and counts of seconds."""
    iso = pc.match_substring_regex(clean, r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?\s?(Z|[+-]\d\d:?\d\d)$")
    where = np.flatnonzero(np.asarray(pc.fill_null(iso, False)))
    if where.size:
        joined = pc.replace_substring_regex(clean.take(pa.array(where)), r"\s(Z|[+-]\d\d:?\d\d)$", r"\1")
        result[where] = _stamps(joined)
    count = pc.fill_null(pc.match_substring_regex(clean, r"^\d{9,10}$"), False)
    where = np.flatnonzero(np.asarray(count))
    result[where] = [float(clean[int(i)].as_py()) for i in where]


def _stamps(text: Any) -> npt.NDArray[np.float64]:
    """All at once; one by one where one of them, such as 30 February, is no moment."""
    try:
        return _numbers(pc.cast(pc.cast(text, pa.timestamp("s", "UTC")), pa.int64()))
    except pa.ArrowInvalid:
        return np.array([_stamp(each) for each in text.to_pylist()])


def _stamp(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return float("nan")


def _ambiguous(clean: Any, result: npt.NDArray[np.float64], dates: str | None) -> tuple[str, ...]:
    """The forms for what is still unread, day first or month first as the file itself shows."""
    if dates in ("dmy", "mdy"):
        return DAY_FIRST if dates == "dmy" else MONTH_FIRST
    shape = pc.extract_regex(clean, r"^(?P<a>\d\d?)[/-](?P<b>\d\d?)[/-]\d{4}")
    a, b = (_numbers(pc.cast(pc.struct_field(shape, name), pa.float64())) for name in "ab")
    seen = np.isnan(result) & ~np.isnan(a)
    day, month = bool((a[seen] > 12).any()), bool((b[seen] > 12).any())
    if seen.any() and day == month:
        which = "in both orders" if day else "and no day is above 12"
        raise Refused(
            f"Dates such as {clean[int(np.flatnonzero(seen)[0])]} are written with slashes {which}: say --dates dmy or --dates mdy."
        )
    return DAY_FIRST if not month else MONTH_FIRST
