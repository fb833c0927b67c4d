"""The working-time clock: how much of the time between two moments the desk was open, and when a promise falls due.

A moment is open when the wall clock of the desk's time zone stands inside the weekly hours and its date is not a closed
one. So an hour that the clocks skip is nobody's working time, one that they repeat counts twice, and what is measured is
always time that really passed.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = 60_000_000  # in ticks, as everything below that is called a moment or an amount
DAY = 1440 * MINUTE
HORIZON = 100  # years; hours that do not add up to a promise in so long are a mistake

Interval = tuple[int, int]
Day = tuple[Interval, ...]


@dataclass(frozen=True)
class _Year:
    """The open pieces of one year of UTC, in order, and how much was open before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def until(self, moment: int) -> int:
        """The amount open from the year's beginning until `moment`."""
        k = bisect_right(self.starts, moment) - 1
        return 0 if k < 0 else self.before[k] + min(moment, self.ends[k]) - self.starts[k]

    def reached(self, amount: int) -> int:
        """The first moment at which `amount` (more than 0, at most the total) has been open."""
        k = bisect_right(self.before, amount - 1) - 1
        return self.starts[k] + amount - self.before[k]


@dataclass(frozen=True)
class WorkingHours:
    """Weekly opening hours in a time zone, without the closed dates.

    `weekly` has seven days from Monday, each a list of (from, to) in minutes after local midnight; `to` may lie in the
    next day, written either way: (1320, 1800) and (1320, 360) both mean 22:00 to 06:00. (0, 1440) is a whole day.
    `closed` dates are closed from midnight to midnight. Raises ValueError with a sentence for hours that make no sense.
    """

    time_zone: str
    weekly: tuple[Day, ...]
    closed: frozenset[date] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _days: tuple[Day, ...] = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"There is no time zone {self.time_zone!r}; use a name such as Europe/Rome.") from error
        weekly = tuple(tuple((int(start), int(end)) for start, end in day) for day in self.weekly)
        for name, value in (("weekly", weekly), ("closed", frozenset(self.closed)), ("_zone", zone)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_days", _cut_at_midnight(weekly))

    @classmethod
    def always(cls) -> "WorkingHours":
        """Open day and night: working time is calendar time."""
        return cls("UTC", (((0, 1440),),) * 7)

    def due_after(self, start: datetime, minutes: float) -> datetime:
        """The first moment at which the desk was open for `minutes` since `start`, in the time zone of `start`.

        Raises ValueError for a naive `start`, for negative minutes, and when the hours do not add up to that much
        within a hundred years.
        """
        amount = round(minutes * MINUTE)
        if amount < 0:
            raise ValueError(f"A promise cannot be due before it is made: {minutes} minutes.")
        moment, year = _moment(start)
        if amount == 0:
            return start
        amount += self._year(year).until(moment)
        for y in range(year, year + HORIZON):
            hours = self._year(y)
            if amount <= hours.total:
                return (EPOCH + hours.reached(amount) * TICK).astimezone(start.tzinfo)
            amount -= hours.total
        raise ValueError(f"These working hours do not reach {minutes:g} minutes within {HORIZON} years.")

    def working_minutes_between(self, a: datetime, b: datetime) -> float:
        """Minutes that the desk was open from `a` to `b`; negative when `b` comes first. Raises ValueError for naive ones."""
        if b < a:
            return -self.working_minutes_between(b, a)
        (first, year), (last, last_year) = _moment(a), _moment(b)
        whole = sum(self._year(y).total for y in range(year, last_year))
        return (whole + self._year(last_year).until(last) - self._year(year).until(first)) / MINUTE

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at this moment."""
        moment, year = _moment(at)
        hours = self._year(year)
        k = bisect_right(hours.starts, moment) - 1
        return k >= 0 and moment < hours.ends[k]

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._open_in(year)
        return self._years[year]

    def _open_in(self, year: int) -> _Year:
        starts: list[int] = []
        ends: list[int] = []
        for start, end in self._pieces(year):
            if ends and ends[-1] == start:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
        before = [0]
        for start, end in zip(starts, ends, strict=True):
            before.append(before[-1] + end - start)
        return _Year(starts, ends, before[:-1], before[-1])

    def _pieces(self, year: int) -> Iterator[Interval]:
        """Every open piece, stretch by stretch of unchanged distance to UTC, so that no clock change needs a rule."""
        for begin, until, offset in self._stretches(year):
            first, last = begin + offset, until + offset  # on the wall clock
            for day in range(first // DAY, -(-last // DAY)):
                on = EPOCH.date() + timedelta(days=day)
                for start, end in () if on in self.closed else self._days[on.weekday()]:
                    opens, closes = max(first, day * DAY + start * MINUTE), min(last, day * DAY + end * MINUTE)
                    if opens < closes:
                        yield opens - offset, closes - offset

    def _stretches(self, year: int) -> Iterator[tuple[int, int, int]]:
        first, last = _new_year(year), _new_year(year + 1)
        begin, offset = first, self._offset(first)
        for a, b in pairwise([*range(first, last, DAY), last]):
            if self._offset(b) != offset:
                change = self._change(a, b)
                yield begin, change, offset
                begin, offset = change, self._offset(b)
        yield begin, last, offset

    def _change(self, a: int, b: int) -> int:
        """The moment between `a` and `b` at which the clocks change, to the second."""
        second, before = MINUTE // 60, self._offset(a)
        a, b = a // second, b // second
        while b - a > 1:
            middle = (a + b) // 2
            a, b = (middle, b) if self._offset(middle * second) == before else (a, middle)
        return b * second

    def _offset(self, moment: int) -> int:
        offset = (EPOCH + moment * TICK).astimezone(self._zone).utcoffset()
        return (offset or timedelta()) // TICK


def _moment(at: datetime) -> tuple[int, int]:
    """A moment in ticks since 1970, and its year in UTC."""
    if at.tzinfo is None:
        raise ValueError(f"{at:%Y-%m-%d %H:%M} names no time zone; give a datetime that does.")
    at = at.astimezone(UTC)
    if not 2 < at.year < 9999 - HORIZON:
        raise ValueError(f"The year {at.year} is too far away to tell working hours.")
    return (at - EPOCH) // TICK, at.year


def _new_year(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // TICK


def _cut_at_midnight(weekly: tuple[Day, ...]) -> tuple[Day, ...]:
    """Seven days of ordered intervals that neither overlap nor cross midnight."""
    if len(weekly) != 7:
        raise ValueError(f"Weekly hours have seven days from Monday, not {len(weekly)}.")
    days: list[list[Interval]] = [[] for _ in range(7)]
    for weekday, intervals in enumerate(weekly):
        for start, end in intervals:
            _check(start, end)
            until = end if end > start else end + 1440
            days[weekday].append((start, min(until, 1440)))
            if until > 1440:
                days[(weekday + 1) % 7].append((0, until - 1440))
    if not any(days):
        raise ValueError("These working hours never open. Open at least one day of the week.")
    return tuple(_merged(sorted(day)) for day in days)


def _check(start: int, end: int) -> None:
    if not (0 <= start < 1440 and 0 <= end <= start + 1440 and start != end):
        raise ValueError(f"({start}, {end}) is no opening time: give minutes after midnight, at most a day long.")


def _merged(intervals: list[Interval]) -> Day:
    merged: list[Interval] = []
    for start, end in intervals:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
