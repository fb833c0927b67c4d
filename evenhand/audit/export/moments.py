"""Moments as people's programs write them: ISO, day first, month first, named months, seconds since 1970, spreadsheet days."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from evenhand.fairness.durations import Flags, Floats

BLANK = frozenset(
    ("", "-", "--", "?", "null", "none", "nil", "n/a", "na", "nan", "nat", "\\n", "not set", "unknown", "(blank)")
)
DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$")
NAMED = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?:(\d{1,2})[\s/-]+([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.?\s+(\d{1,2})),?[\s/-]+(\d{2,4})$",
    re.I,
)
CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([ap])\.?m\.?(?![a-z]))?\s*"
    r"([a-z]{1,4})?(?:([+-])(\d{2}):?(\d{2})(?: utc| \([a-z ]+\))?)?$",
    re.I,
)
# Hours from UTC, of the zones that RFC 5322 knows and of Europe's; other letters mean several.
ZONES = {
    "": 0, "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
}  # fmt: skip
BETWEEN = re.compile(r"(?<=\d)T(?=\d)")  # of a day and a clock
MONTHS = {name: k for k, name in enumerate(calendar.month_abbr) if name}
EPOCH = date(1970, 1, 1).toordinal()
CHUNK = 4_000
ISO_LENGTHS = {10, 16, 19, 23, 26}  # of a date, and with a clock, to the minute, second, milli- and microsecond
ISO_SIGNS = ((4, "-"), (16, ":"), (19, "."))  # where a number, or a time zone, would have something else
FIRST, LAST = datetime(1980, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Moments:
    """Seconds since 1970 (nan where there is none), and which texts were not blank and could not be read."""

    seconds: Floats
    unreadable: Flags


def is_blank(text: str) -> bool:
    return text.casefold() in BLANK


@dataclass
class DateOrder:
    """Whether 03/04 is the third of April: by what all the file's dates show, or as told."""

    order: str | None = None  # "dmy" or "mdy"
    day_first: int = 0  # dates that can only be read one way
    month_first: int = 0
    open: int = 0  # dates that can be read either way

    def learn(self, texts: "Iterator[str]") -> None:
        for start in {text[:11] for text in texts}:
            found = DATE.match(start.split(" ", 1)[0].rstrip(","))
            if found and len(found[1]) <= 2:
                first, second = int(found[1]) > 12, int(found[2]) > 12
                self.day_first += first
                self.month_first += second
                self.open += not first and not second

    @property
    def is_day_first(self) -> bool:
        if self.order:
            return self.order == "dmy"
        return self.day_first >= self.month_first

    @property
    def note(self) -> str | None:
        if self.order or not self.open or (self.day_first > 0) != (self.month_first > 0):
            return None
        how = "day first" if self.is_day_first else "month first"
        return f"Some dates can be read as day/month or month/day and nothing settles it; they are read {how}. Say --dates dmy or mdy."


def moments(texts: list[str], order: DateOrder) -> Moments:
    """Read a column. Texts without a time zone are taken as UTC, which cancels out in durations."""
    seconds = np.full(len(texts), np.nan)
    unreadable = np.zeros(len(texts), dtype=bool)
    reader = _Reader(order)
    for begin in range(0, len(texts), CHUNK):
        chunk = texts[begin : begin + CHUNK]
        fast = _uniform(chunk)
        if fast is not None:
            seconds[begin : begin + CHUNK] = fast
            continue
        for k, text in enumerate(map(str.strip, chunk), begin):
            at = (_iso(text) or reader.read(text)) if text else None
            seconds[k] = np.nan if at is None else at
            unreadable[k] = at is None and not is_blank(text)
    strange = ~np.isnan(seconds) & ~((seconds > FIRST) & (seconds < LAST))
    return Moments(np.where(strange, np.nan, seconds), unreadable | strange)


def _uniform(texts: list[str]) -> Floats | None:
    """All at once, where every text is blank or an ISO moment of one length without a time zone; else None."""
    lengths = {len(text) for text in texts} - {0}
    if len(lengths) != 1 or not lengths <= ISO_LENGTHS:
        return None
    if any({text[place : place + 1] for text in texts} - {sign, ""} for place, sign in ISO_SIGNS):
        return None
    try:
        return np.array(texts, dtype="datetime64[us]").astype(np.float64) / 1e6 + _nothing(texts)
    except ValueError:
        return None


def _nothing(texts: list[str]) -> Floats:
    """nan where a text is blank, for numpy turns no moment into a number."""
    return np.where(np.array(texts, dtype=bool), 0.0, np.nan)


def _iso(text: str) -> float | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if text.isdigit() and len(text) != 8:
        return None  # a plain number, though it looks like an ISO date without signs
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


class _Reader:
    """Reads what is not ISO. Days and clock times repeat a lot, so each is worked out once."""

    def __init__(self, order: DateOrder) -> None:
        self.order = order
        self.days: dict[str, float | None] = {}
        self.clocks: dict[str, float | None] = {}

    def read(self, text: str) -> float | None:
        text = BETWEEN.sub(" ", text, count=1)
        number = _number(text)
        if number is not None:
            return number
        day, clock = _parted(text)
        if day not in self.days:
            self.days[day] = self._day(day)
        if clock not in self.clocks:
            self.clocks[clock] = _clock(clock)
        start, since = self.days[day], self.clocks[clock]
        return None if start is None or since is None else start + since

    def _day(self, text: str) -> float | None:
        found = DATE.match(text)
        if found:
            return self._numbered(found[1], found[2], found[3])
        if text.isdigit() and len(text) in (6, 8):  # 990131, 19990131
            return _midnight(int(text[:-4]), int(text[-4:-2]), int(text[-2:]))
        named = NAMED.match(text)
        if named:
            month = MONTHS.get((named[2] or named[3]).title())
            return _midnight(int(named[5]), month, int(named[1] or named[4])) if month else None
        return None

    def _numbered(self, a: str, b: str, c: str) -> float | None:
        if len(a) > 2:
            return _midnight(int(a), int(b), int(c))
        first, second = int(a), int(b)
        day_first = first > 12 or (second <= 12 and self.order.is_day_first)
        return _midnight(int(c), second, first) if day_first else _midnight(int(c), first, second)


def _number(text: str) -> float | None:
    """Seconds or milliseconds since 1970, or days of a spreadsheet."""
    try:
        number = float(text)
    except ValueError:
        return None
    for scale in (1.0, 1e-3, 1e-6):
        if FIRST < number * scale < LAST:
            return number * scale
    return (number - 25569) * 86400 if 29221 < number < 73050 else None


def _parted(text: str) -> tuple[str, str]:
    """The day and the clock of a text; the clock begins before the first colon."""
    colon = text.find(":")
    if colon < 0:
        return text, ""
    gap = text.rfind(" ", 0, colon)
    return text[:gap].removesuffix(" at").rstrip(" ,"), text[gap + 1 :]


def _midnight(year: int, month: int, day: int) -> float | None:
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    try:
        return (date(year, month, day).toordinal() - EPOCH) * 86400.0
    except ValueError:
        return None


def _clock(text: str) -> float | None:
    if not text:
        return 0.0
    found = CLOCK.match(text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        hour = hour % 12 + (12 if found[5].lower() == "p" else 0)
    zone = ZONES.get((found[6] or "").lower())
    if hour > 24 or minute > 59 or second > 60 or zone is None:
        return None
    offset = (int(found[8]) * 60 + int(found[9])) * 60 if found[7] else zone * 3600
    return hour * 3600 + minute * 60 + second + float(f"0.{found[4] or 0}") - (-offset if found[7] == "-" else offset)
