"""A dot and an interval for each group between the margins: where what is drawn stands, in per cent of the width.

Ratios stand on a logarithmic scale, so that half and twice as long are as far from the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2
from typing import Any, NamedTuple

from evenhand.web.number import decimal
from evenhand.web.wording import wording

EDGE = 3.0  # per cent of the width kept free on both sides
WIDEST = 3  # doublings; what lies beyond is drawn at the edge, and its figures stand beside it


class Mark(NamedTuple):
    """One group: `dot`, `low` and `high` in per cent, None where it cannot be compared or is not published."""

    group: str
    verdict: str
    tickets: int | None
    words: str
    suppressed: str
    row: dict[str, Any]
    dot: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def width(self) -> float:
        return round((self.high or 0) - (self.low or 0), 2)


class Chart(NamedTuple):
    marks: list[Mark]
    margin_low: float
    margin_high: float
    middle: float
    ends: tuple[str, str]
    margin: tuple[float, float]

    @property
    def margin_width(self) -> float:
        return round(self.margin_high - self.margin_low, 2)

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]], margin: Sequence[float]) -> Chart:
        """Of rows of one metric that is a ratio, adjusted; `margin` is (low, high, …)."""
        shown = [row["adjusted"] for row in rows if "adjusted" in row]
        values = [value for row in shown for value in (row["value"], row["low"], row["high"]) if value]
        values += list(margin[:2])
        doublings = min(WIDEST, max(1, ceil(max(abs(log2(value)) for value in values) - 1e-9)))

        def x(value: float | None) -> float | None:
            if not value or value <= 0:
                return None
            place = 50 + (50 - EDGE) * log2(value) / doublings
            return round(min(100.0, max(0.0, place)), 2)

        marks = [_mark(row, x) for row in rows]
        low, high = x(margin[0]) or 0.0, x(margin[1]) or 100.0
        return cls(marks, low, high, 50.0, _ends(doublings), (margin[0], margin[1]))


def _ends(doublings: int) -> tuple[str, str]:
    say = wording().chart
    return [(say.half, say.twice), (say.quarter, say.four_times), (say.eighth, say.eight_times)][doublings - 1]


def _mark(row: dict[str, Any], x: Any) -> Mark:
    if "adjusted" not in row:
        return Mark(row["group"], row["verdict"], None, "", row["suppressed"], row)
    found = row["adjusted"]
    return Mark(
        row["group"], row["verdict"], row["group_tickets"], compared(found), "", row,
        x(found["value"]), x(found["low"]), x(found["high"]),
    )  # fmt: skip


def compared(found: dict[str, Any]) -> str:
    """A comparison as a layman says it: “2 % sooner”, “1.5 times as long”, “3 points more”."""
    value, say = found["value"], wording().chart
    if value is None:
        return say.not_compared
    if found["scale"] != "ratio":
        points = round(100 * value, 1)
        change = say.more_points if points > 0 else say.fewer_points
        return change.format(points=decimal(f"{abs(points):g}")) if points else say.same
    if value >= 2:
        return say.times.format(times=decimal(f"{value:.2g}"))
    percent = round(100 * abs(value - 1))
    return (say.longer if value > 1 else say.shorter).format(percent=percent) if percent else say.same


def interval(found: dict[str, Any]) -> str:
    """The 90 % interval: “0.94 to 1.10”, or in points for shares."""
    low, high, say = found["low"], found["high"], wording().chart
    if low is None or high is None:
        return "–"
    if found["scale"] == "ratio":
        return say.interval.format(low=decimal(f"{low:.2f}"), high=decimal(f"{high:.2f}"))
    return say.interval_points.format(low=decimal(f"{100 * low:+.1f}"), high=decimal(f"{100 * high:+.1f}"))


def amount(found: dict[str, Any], side: str) -> str:
    """What one side has: hours of working time, or a share."""
    value = found[side]
    if value is None:
        return "–"
    return decimal(
        f"{value:.2g} h"
        if found["scale"] == "ratio" and value < 10
        else (f"{value:.0f} h" if found["scale"] == "ratio" else f"{value:.1%}")
    )
