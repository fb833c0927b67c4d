"""An audit in sentences that need no statistics."""

from __future__ import annotations

from evenhand.audit.lasting import longer
from evenhand.audit.origins import Where
from evenhand.audit.procedure import Audit, Row
from evenhand.audit.report.facts import moment
from evenhand.audit.watching import Light
from evenhand.fairness.verdicts import Verdict

WORST_TOLD = 3
NOTABLE = 0.15  # how much more of a difference than of the tickets a level must carry to be named


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
    """For each difference: the levels that carry more of it than their share of tickets, and what it is spread over."""
    said: list[str] = []
    for metric, by, group in dict.fromkeys((one.metric, one.by, one.group) for one in where):
        here = [one for one in where if (one.metric, one.by, one.group) == (metric, by, group)]
        named = [(one, _carried(one)) for one in here if one.origin.parts and one.origin.total]
        said += [f"{group}, {metric}, by {one.column}: {text}." for one, text in named if text]
        spread = [one.column for one, text in named if not text]
        if spread:
            said.append(
                f"{group}, {metric}: {longer(here[0].origin.total)}, spread alike over every {', '.join(spread)}."
            )
    return said


def _carried(one: Where) -> str:
    """What carries more than its share of a difference; nothing where it is spread alike."""
    total, parts = one.origin.total, one.origin.parts
    every, rest = sum(part.group_tickets for part in parts), one.origin.elsewhere / one.origin.total
    top = max(parts, key=lambda part: part.difference / total - part.group_tickets / every)
    share, tickets = top.difference / total, top.group_tickets / every
    said = []
    if share - tickets >= NOTABLE:
        said.append(
            f"{share:.0%} of the {longer(total)} arises in {one.levels[top.level]}, which has {tickets:.0%} of the tickets "
            f"({longer(top.difference)}, between {longer(top.low)} and {longer(top.high)})"
        )
    if rest >= NOTABLE:
        said.append(f"{rest:.0%} of the {longer(total)} in being sent elsewhere than the others")
    return "; ".join(said)


def _told(rows: list[Row]) -> list[Row]:
    """The largest differences, each once."""
    ratios = [row for row in rows if row.adjusted.scale == "ratio"]
    ranked = sorted(ratios or rows, key=lambda row: -abs(row.adjusted.estimate))
    once: dict[tuple[str, str, float], Row] = {}
    for row in ranked:  # of two groups, each the other's mirror image, the one above
        key = (row.by, row.metric, round(abs(row.adjusted.estimate), 9))
        once[key] = row if row.adjusted.estimate > 0 else once.get(key, row)
    return list(once.values())[:WORST_TOLD]


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
