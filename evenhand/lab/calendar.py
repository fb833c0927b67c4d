"""Calendars people write: `Mon-Fri 9-12, 13-17`, holidays, a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from .refused import Refused
from .turns import CALENDAR, PIECE, Hours, blank

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 168.0

Piece = tuple[float, float]


@dataclass(frozen=True)
class Calendar:
    """Staffed pieces [opens, closes) in hours, in order and apart, repeating every `period` hours."""

    pieces: tuple[Piece, ...]
    period: float = WEEK

    def __post_init__(self) -> None:
        if not self.pieces:
            raise Refused("A calendar without a single working hour: nobody would ever be served.")
        last = 0.0
        for opens, closes in self.pieces:
            if not (last <= opens < closes <= self.period):
                raise Refused(
                    f"Working hours {opens:g} to {closes:g} overlap others, run backwards or leave the period."
                )
            last = closes

    @property
    def staffed(self) -> float:
        """Staffed hours in one period."""
        return sum(closes - opens for opens, closes in self.pieces)

    def gaps(self) -> list[float]:
        """The closed hours between one piece and the next, around the period."""
        opens = [piece[0] for piece in self.pieces] + [self.pieces[0][0] + self.period]
        found = [opens[i + 1] - self.pieces[i][1] for i in range(len(self.pieces))]
        return [gap for gap in found if gap > 0]

    def mean_wait_for_opening(self) -> float:
        """Mean hours until open for arrivals uniform over the period: the sum of squared gaps over twice the period."""
        return sum(gap * gap for gap in self.gaps()) / (2 * self.period)


ALWAYS = Calendar(((0.0, WEEK),))


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The union of pieces, in order; touching ones become one."""
    result: list[Piece] = []
    for opens, closes in sorted(pieces):
        if result and opens <= result[-1][1]:
            result[-1] = (result[-1][0], max(closes, result[-1][1]))
        else:
            result.append((opens, closes))
    return tuple(result)


def union(calendars: Sequence[Calendar]) -> Calendar:
    """When at least one of the calendars is staffed. They must share a period."""
    if len({calendar.period for calendar in calendars}) > 1:
        raise Refused("Calendars of different length cannot be joined; write them all by the week or all by dates.")
    return Calendar(merged(piece for calendar in calendars for piece in calendar.pieces), calendars[0].period)


def pack(calendars: Sequence[Calendar]) -> Hours:
    """The calendars as the arrays the simulator reads."""
    table = blank(len(calendars), CALENDAR)
    pieces = blank(sum(len(calendar.pieces) for calendar in calendars), PIECE)
    first = 0
    hourly: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    for number, calendar in enumerate(calendars):
        last = first + len(calendar.pieces)
        opens, closes = np.array(calendar.pieces).T
        pieces[first:last].opens, pieces[first:last].closes = opens, closes
        pieces[first:last].before = np.cumsum(closes - opens) - (closes - opens)
        table[number] = (first, last, calendar.period, calendar.staffed, sum(each.size for each in hourly))
        hourly.append(first - 1 + np.searchsorted(opens, np.arange(int(calendar.period) + 2), side="right"))
        first = last
    return Hours(table, pieces, np.concatenate(hourly).astype(np.int32))


def _hour(text: str) -> float:
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", text.strip())
    if not match or int(match[1]) > 24 or int(match[2] or 0) > 59:
        raise Refused(f"“{text}” is not a time of day; write 9, 9:30 or 17:00.")
    return int(match[1]) + int(match[2] or 0) / 60


def _days(text: str) -> list[int]:
    names = [part.strip().lower()[:3] for part in text.split("-")]
    if any(name not in DAYS for name in names) or len(names) > 2:
        raise Refused(f"“{text}” is not a day or a span of days; write Mon, Mon-Fri or Sat-Sun.")
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    return [(first + i) % 7 for i in range((last - first) % 7 + 1)]


def week(text: str) -> list[tuple[int, float, float]]:
    """`Mon-Fri 9-12, 13-17; Sat 10-14` as (day, opens, closes), Monday being 0. `24x7` is all of it."""
    if text.strip().lower() in ("24x7", "24/7", "always"):
        return [(day, 0.0, 24.0) for day in range(7)]
    found: list[tuple[int, float, float]] = []
    for part in text.split(";"):
        days, _, spans = part.strip().partition(" ")
        for span in spans.split(","):
            opens, dash, closes = span.partition("-")
            if not dash:
                raise Refused(f"“{part.strip()}” gives no hours; write for example: Mon-Fri 9-12, 13-17; Sat 10-14.")
            found += [(day, _hour(opens), _hour(closes)) for day in _days(days)]
    return found


def weekly(text: str) -> Calendar:
    """A calendar that repeats every week; time zero is a Monday, 0:00. A span over midnight is two spans."""
    pieces = []
    for day, opens, closes in week(text):
        if closes <= opens:  # over midnight
            pieces += [(day * 24 + opens, day * 24 + 24.0), ((day + 1) % 7 * 24.0, (day + 1) % 7 * 24 + closes)]
        else:
            pieces.append((day * 24 + opens, day * 24 + closes))
    return Calendar(merged(piece for piece in pieces if piece[1] > piece[0]))


def dated(text: str, monday: date, weeks: int, zone: ZoneInfo, holidays: Iterable[date] = ()) -> Calendar:
    """The week written out over `weeks` weeks from `monday` in `zone`, without the holidays; the clock's changes included.

    Time zero is 0:00 of that Monday in that zone; afterwards the whole stretch repeats.
    """
    zero = datetime.combine(monday, datetime.min.time(), zone).timestamp()
    closed = set(holidays)

    def at(day: date, hour: float) -> float:
        local = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
        return (local.replace(tzinfo=zone).timestamp() - zero) / 3600

    pieces = []
    for number in range(weeks * 7):
        day = monday + timedelta(days=number)
        if day not in closed:
            spans = [(opens, closes) for weekday, opens, closes in week(text) if weekday == day.weekday()]
            pieces += [(at(day, opens), at(day, closes if closes > opens else closes + 24)) for opens, closes in spans]
    period = at(monday + timedelta(days=weeks * 7), 0.0)
    return Calendar(merged((opens, min(closes, period)) for opens, closes in pieces if closes > opens), period)
