"""Working hours as arrays: when staffed, how much staffed time, and when a piece of work is done.

All times are hours since time zero. Each calendar is a list of half-open pieces [opens, closes) that repeats with its
period; what does not repeat (holidays, changes of the clock) is a calendar whose period is the whole horizon.
"""

from __future__ import annotations

import math

import numpy as np

from .compiled import allocating, part
from .turns import Floats, Hours


@part
def piece_at(hours: Hours, calendar: int, phase: float) -> int:
    """The last piece that opens at or before `phase`; one less than the first piece when none does."""
    piece = hours.hourly[hours.calendars[calendar].hourly + int(phase)]
    last = hours.calendars[calendar].last - 1
    while piece < last and hours.pieces[piece + 1].opens <= phase:
        piece += 1
    return piece


@part
def never_closes(hours: Hours, calendar: int) -> bool:
    return hours.calendars[calendar].staffed == hours.calendars[calendar].period  # type: ignore[no-any-return]


@part
def period_begin(hours: Hours, calendar: int, time: float) -> float:
    """When the period that `time` falls into began."""
    period = hours.calendars[calendar].period
    return math.floor(time / period) * period  # type: ignore[no-any-return]


@part
def is_open(hours: Hours, calendar: int, time: float) -> bool:
    """Whether the calendar is staffed at `time`; a piece's end is outside it."""
    if never_closes(hours, calendar):
        return True
    phase = time - period_begin(hours, calendar, time)
    piece = piece_at(hours, calendar, phase)
    return piece >= hours.calendars[calendar].first and phase < hours.pieces[piece].closes  # type: ignore[no-any-return]


@part
def next_opening(hours: Hours, calendar: int, time: float) -> float:
    """The first moment at or after `time` that is staffed."""
    if is_open(hours, calendar, time):
        return time
    begin = period_begin(hours, calendar, time)
    piece = piece_at(hours, calendar, time - begin) + 1
    if piece == hours.calendars[calendar].last:
        piece = hours.calendars[calendar].first
        begin += hours.calendars[calendar].period
    return begin + hours.pieces[piece].opens  # type: ignore[no-any-return]


@part
def staffed_until(hours: Hours, calendar: int, time: float) -> float:
    """Staffed hours from time zero until `time`."""
    if never_closes(hours, calendar):
        return time
    begin = period_begin(hours, calendar, time)
    passed = begin / hours.calendars[calendar].period * hours.calendars[calendar].staffed
    piece = piece_at(hours, calendar, time - begin)
    if piece < hours.calendars[calendar].first:
        return passed  # type: ignore[no-any-return]
    opens, closes = hours.pieces[piece].opens, hours.pieces[piece].closes
    return passed + hours.pieces[piece].before + (min(time - begin, closes) - opens)  # type: ignore[no-any-return]


@part
def time_of(hours: Hours, calendar: int, staffed_time: float) -> float:
    """The earliest moment by which `staffed_time` (> 0) staffed hours have passed since time zero."""
    cycles = math.ceil(staffed_time / hours.calendars[calendar].staffed) - 1.0
    rest = staffed_time - cycles * hours.calendars[calendar].staffed
    low, high = hours.calendars[calendar].first, hours.calendars[calendar].last
    while high - low > 1:  # the last piece with less than `rest` before it
        middle = (low + high) // 2
        if hours.pieces[middle].before < rest:
            low = middle
        else:
            high = middle
    begin = cycles * hours.calendars[calendar].period
    return begin + (hours.pieces[low].opens + (rest - hours.pieces[low].before))  # type: ignore[no-any-return]


@part
def work_done_at(hours: Hours, calendar: int, time: float, effort: float) -> float:
    """When `effort` hours of work begun at `time` are done, pausing whenever the calendar is closed."""
    if never_closes(hours, calendar):
        return time + effort
    phase = time - period_begin(hours, calendar, time)
    piece = piece_at(hours, calendar, phase)
    if piece >= hours.calendars[calendar].first and phase + effort <= hours.pieces[piece].closes:
        return time + effort
    if effort == 0.0:
        return next_opening(hours, calendar, time)
    return time_of(hours, calendar, staffed_until(hours, calendar, time) + effort)


@allocating
def staffed_between(hours: Hours, calendar: int, begin: Floats, end: Floats) -> Floats:
    """Staffed hours between each `begin` and `end` (same shape; NaN where either is NaN)."""
    passed = np.full(begin.size, np.nan)
    for i in range(begin.size):
        if not (math.isnan(begin[i]) or math.isnan(end[i])):
            passed[i] = staffed_until(hours, calendar, end[i]) - staffed_until(hours, calendar, begin[i])
    return passed
