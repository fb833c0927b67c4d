"""What may be said: parity shown, disparity, different but within tolerance, or not enough evidence.

Parity is a claim that has to be shown (two one-sided tests at 5 %, so a 90 % interval inside the margin), for every
group and every metric: an intersection of claims needs no correction for their number. Disparity is claimed where a
Holm-adjusted 95 % interval excludes no difference; a difference whose whole 90 % interval lies inside the margin is
called within tolerance, since the margin is what the desk has published as tolerable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isnan, log

from evenhand.fairness.comparison import Comparison

FEWEST_TICKETS = 200  # of a group, in common support
FEWEST_CUSTOMERS = 15  # effective
SMALLEST_DISPARITY = 1.05  # ratio; smaller ones are never called a disparity
SMALLEST_DISPARITY_IN_SHARES = 0.01
SHOWN_BY = 1.645 + 1.28  # one-sided 5 %, with a power of 90 %


class Verdict(StrEnum):
    PARITY = "parity"
    DISPARITY = "disparity"
    TOLERANCE = "within tolerance"
    UNKNOWN = "not enough evidence"


@dataclass(frozen=True)
class Margin:
    """How large a difference is tolerable, stated beforehand: the four-fifths convention, and five points for shares."""

    low: float = 0.80
    high: float = 1.25
    points: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.low < 1 < self.high or not 0 < self.points < 1:
            raise ValueError("A margin goes from below 1 to above 1, and that for shares lies between 0 and 1.")

    def bounds(self, scale: str) -> tuple[float, float]:
        return (self.low, self.high) if scale == "ratio" else (-self.points, self.points)

    def holds(self, comparison: Comparison) -> bool:
        """Whether the 90 % interval lies inside."""
        low, high = comparison.interval(0.90)
        least, most = self.bounds(comparison.scale)
        return least < low and high < most  # False where there is no interval

    def width(self, scale: str) -> float:
        return min(-log(self.low), log(self.high)) if scale == "ratio" else self.points


@dataclass(frozen=True)
class Finding:
    """A comparison with its verdict, and what would change it."""

    comparison: Comparison
    verdict: Verdict
    adjusted_p: float
    more_tickets: int  # about so many more for a verdict of parity with a power of 90 %, if there is no difference

    @property
    def what_would_change_it(self) -> str:
        return _what_would_change(self)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values: the family-wise error stays below what each is compared with."""
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, k in enumerate(sorted(range(len(p_values)), key=lambda k: p_values[k])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[k]))
        adjusted[k] = worst
    return adjusted


def judge(comparisons: Sequence[Comparison], margin: Margin | None = None) -> list[Finding]:
    """A verdict for each of a family of comparisons."""
    margin = margin or Margin()
    adjusted = holm([comparison.p_value for comparison in comparisons])
    return [
        Finding(comparison, _verdict(comparison, p, margin), p, _more_tickets(comparison, margin))
        for comparison, p in zip(comparisons, adjusted, strict=True)
    ]


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict for all: a disparity anywhere is a disparity; parity needs every single one."""
    if not verdicts:
        return Verdict.UNKNOWN
    for verdict in (Verdict.DISPARITY, Verdict.UNKNOWN, Verdict.TOLERANCE):
        if verdict in verdicts:
            return verdict
    return Verdict.PARITY


def _verdict(comparison: Comparison, adjusted_p: float, margin: Margin) -> Verdict:
    if too_little(comparison):
        return Verdict.UNKNOWN
    differs, inside = adjusted_p <= 0.05, margin.holds(comparison)
    if inside:
        return Verdict.TOLERANCE if differs else Verdict.PARITY
    return Verdict.DISPARITY if differs and _worth_naming(comparison) else Verdict.UNKNOWN


def too_little(comparison: Comparison) -> bool:
    """Too few tickets or customers for any verdict."""
    fewest = min(comparison.group_tickets, comparison.tickets - comparison.group_tickets)
    return fewest < FEWEST_TICKETS or comparison.effective < FEWEST_CUSTOMERS or isnan(comparison.estimate)


def _worth_naming(comparison: Comparison) -> bool:
    if comparison.scale == "ratio":
        return abs(comparison.estimate) > log(SMALLEST_DISPARITY)
    return abs(comparison.estimate) > SMALLEST_DISPARITY_IN_SHARES


def _more_tickets(comparison: Comparison, margin: Margin) -> int:
    """n = (1.645 + 1.28)² deff (cv₁²/share₁ + cv₀²/share₀) / log(1.25)², its middle part being n * SE² as measured."""
    if not comparison.error > 0:
        return 0
    needed = comparison.tickets * (SHOWN_BY * comparison.error / margin.width(comparison.scale)) ** 2
    return max(0, ceil(needed) - comparison.tickets)


def _what_would_change(finding: Finding) -> str:
    comparison, more = finding.comparison, finding.more_tickets
    if finding.verdict is Verdict.PARITY:
        return "A difference that grows beyond the margin, or fewer tickets to show that there is none."
    if finding.verdict is Verdict.TOLERANCE:
        return "A difference that disappears would make it parity; one that grows beyond the margin, a disparity."
    if finding.verdict is Verdict.DISPARITY:
        return "Waits that draw level: this verdict goes when the difference is inside the margin for a whole period."
    fewest = min(comparison.group_tickets, comparison.tickets - comparison.group_tickets)
    if fewest < FEWEST_TICKETS:
        return f"{FEWEST_TICKETS - fewest:,} more comparable tickets at least; {FEWEST_TICKETS} on each side is the fewest."
    if comparison.effective < FEWEST_CUSTOMERS:
        return "Tickets of more customers: a few customers carry nearly all of the weight."
    if more:
        return f"About {more:,} more tickets, if there is no difference."
    return "A difference nearer to none, or clearly outside the margin: it stands on the edge now."
