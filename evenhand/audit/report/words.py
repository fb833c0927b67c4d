"""An audit in sentences that need no statistics."""

from __future__ import annotations

from evenhand.audit.origins import Where
from evenhand.audit.procedure import Audit, Row
from evenhand.audit.report.facts import moment
from evenhand.audit.watching import Light
from evenhand.fairness.verdicts import Verdict

WORST_TOLD = 3


def conclusion(audit: Audit) -> str:
    """The verdict in a sentence."""
    by = " or ".join(dict.fromkeys(row.by for row in audit.rows))
    if audit.verdict is Verdict.PARITY:
        return f"Parity is shown: {by} makes no difference beyond the margin, in any metric that was measured."
    if audit.verdict is Verdict.TOLERANCE:
        return f"There is a difference by {by}, and it is surely smaller than the margin."
    if audit.verdict is Verdict.DISPARITY:
        worst = [row for row in audit.rows if row.verdict is Verdict.DISPARITY]
        return "There is a disparity: " + "; ".join(difference(row) for row in _told(worst)) + "."
    weak = [row for row in audit.rows if row.verdict is Verdict.UNKNOWN]
    return (
        f"There is not enough evidence for parity, nor for a disparity: {len(weak)} of {len(audit.rows)} comparisons "
        f"remain open. {weak[0].group}, {weak[0].metric}: {_lowered(weak[0].finding.what_would_change_it)}"
    )


def difference(row: Row) -> str:
    """What a row measured, in words: `premium: first reply takes 0.62 times as long as for all others`."""
    if row.adjusted.scale == "ratio":
        return f"{row.group}: {row.metric} takes {row.adjusted.value:.2f} times as long as for all others"
    points = row.adjusted.value * 100
    return f"{row.group}: {row.metric} {abs(points):.1f} points {'more' if points > 0 else 'less'} often than for all others"


def light(seen: Light | None) -> str:
    """When the monitor would have rung."""
    if seen is None:
        return "The monitor needs pairs of like tickets opened within a day of each other, and found none."
    if seen.alarm_at_pair is not None:
        return f"The monitor would have rung after {seen.alarm_at_pair:,} of {seen.pairs:,} pairs, on {(moment(seen.alarm_at) or '')[:10]}."
    if seen.certificate_at_pair is not None:
        return (
            f"The monitor never rang in {seen.pairs:,} pairs, and parity was certified after {seen.certificate_at_pair:,}, "
            f"on {(moment(seen.certificate_at) or '')[:10]}."
        )
    return f"The monitor did not ring in {seen.pairs:,} pairs, which were too few for a certificate."


def whereabouts(where: list[Where]) -> list[str]:
    """For each difference, the level of each column that carries most of it."""
    said = []
    for one in where:
        top = next((part for part in one.origin.parts if part.difference * one.origin.total > 0), None)
        if top is None or not one.origin.total:
            continue
        rest = one.origin.elsewhere / one.origin.total
        line = (
            f"{one.group}, {one.metric}, by {one.column}: {top.difference / one.origin.total:.0%} of the difference of "
            f"{one.origin.total:+.3g} h arises in {one.levels[top.level]} ({top.group_tickets:,} tickets; "
            f"{top.difference:+.3g} h, between {top.low:+.3g} and {top.high:+.3g})"
        )
        said.append(line + (f"; {rest:.0%} by being sent elsewhere." if rest > 0.1 else "."))
    return said


def _told(rows: list[Row]) -> list[Row]:
    """The largest differences, each once: of two groups, the one that fares worse."""
    ratios = [row for row in rows if row.adjusted.scale == "ratio"]
    ranked = sorted(ratios or rows, key=lambda row: -abs(row.adjusted.estimate))
    once = {(row.by, row.metric, round(abs(row.adjusted.estimate), 9)): row for row in reversed(ranked)}
    return sorted(once.values(), key=lambda row: -abs(row.adjusted.estimate))[:WORST_TOLD]


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
