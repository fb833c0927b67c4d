"""The figures of a statement: everything published, as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.fairness.bands import Trend
from evenhand.fairness.comparison import Comparison

from .desk.leaks import Leak
from .origins import Where
from .procedure import Audit, Row
from .watching import Light

# A figure of fewer could be about somebody.
FEWEST_PUBLISHED = 20  # conversations
FEWEST_CUSTOMERS = 10


def number(value: float | None) -> float | None:
    """Three significant digits: what is shown, and no more than that, since every further digit narrows down who is in
    which group."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.3g}")


def enough(tickets: int, customers: int) -> bool:
    """Whether a figure of so many may be published."""
    return tickets >= FEWEST_PUBLISHED and customers >= FEWEST_CUSTOMERS


def comparison(found: Comparison) -> dict[str, Any]:
    low, high = found.interval(0.90)
    return {
        "scale": found.scale,
        "value": number(found.value),
        "low": number(low),
        "high": number(high),
        "group": number(found.group),
        "others": number(found.others),
        "tickets": found.tickets,
        "covered": number(found.covered),
    }


def metrics(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One metric of one group each. A group too small to publish says only that, and so do all groups of that metric
    where the small ones would follow from the others: what is left out, together, must be enough, too."""
    hidden: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        tickets, customers = hidden.get((row.metric, row.by), (0, 0))
        if not _enough(row):
            own = row.adjusted
            hidden[row.metric, row.by] = (tickets + own.group_tickets, customers + own.group_customers)
    return [
        _metric(row) if _enough(row) and enough(*hidden.get((row.metric, row.by), (10**9, 10**9))) else _small(row)
        for row in rows
    ]


def _enough(row: Row) -> bool:
    own = row.adjusted
    others = own.tickets - own.group_tickets
    return enough(own.group_tickets, own.group_customers) and enough(others, own.other_customers) and not _rare(own)


def _rare(found: Comparison) -> bool:
    """Whether so few had a yes (or a no) that whoever knows which ones could tell from the shares whose they were."""
    if found.scale != "difference":
        return False
    yes = found.group * found.group_tickets + found.others * (found.tickets - found.group_tickets)
    return 0.5 <= min(yes, found.tickets - yes) < FEWEST_PUBLISHED


def _about(row: Row) -> dict[str, Any]:
    return {"metric": row.metric, "by": row.by, "group": row.group, "verdict": str(row.verdict)}


def _small(row: Row) -> dict[str, Any]:
    return {**_about(row), "suppressed": f"fewer than {FEWEST_PUBLISHED} of {FEWEST_CUSTOMERS} customers"}


def _metric(row: Row) -> dict[str, Any]:
    return {
        **_about(row),
        "unadjusted": comparison(row.unadjusted),
        "adjusted": comparison(row.adjusted),
        "group_tickets": row.adjusted.group_tickets,
        "tau": number(row.tau),
        "what_would_change_it": row.finding.what_would_change_it,
    }


def colour(found: Light | None) -> str:
    """The light of a desk that is watched for good: a break is red as well, however good its past was."""
    return "amber" if found is None else "red" if found.break_at is not None else found.colour


def light(found: Light | None) -> dict[str, Any]:
    if found is None:
        return {"pairs": 0, "colour": "amber", "alarm_at": None, "break_at": None, "certificate_at_pair": None}
    return {
        "pairs": found.pairs,
        "colour": colour(found),
        "alarm_at_pair": found.alarm_at_pair,
        "alarm_at": found.alarm_at,
        "break_at": found.break_at,
        "certificate_at_pair": found.certificate_at_pair,
        "groups": [
            {
                "by": g.by,
                "group": g.group,
                "metric": g.metric,
                "pairs": g.pairs,
                "ahead": g.ahead,
                "behind": g.behind,
                "break_at": g.break_at,
            }
            for g in found.groups
            # Of a few pairs that were not even, somebody may know which they were.
            if g.pairs >= FEWEST_PUBLISHED and (g.ahead + g.behind >= FEWEST_PUBLISHED or not g.ahead + g.behind)
        ],
    }


def where(found: Where) -> dict[str, Any]:
    """Where a difference arises, largest part first; parts of few conversations are left out."""
    parts = [part for part in found.origin.parts if enough(part.group_tickets, part.group_customers)]
    return {
        "by": found.by,
        "group": found.group,
        "column": found.column,
        "total": number(found.origin.total),
        "elsewhere": number(found.origin.elsewhere),
        "parts": [
            {
                "level": found.levels[part.level],
                "tickets": part.group_tickets,
                "difference": number(part.difference),
                "low": number(part.low),
                "high": number(part.high),
            }
            for part in parts[:6]
        ],
    }


def leak(found: Leak) -> dict[str, Any]:
    return {
        "feature": found.feature,
        "accounts": found.accounts,
        "gain": number(round(found.gain, 2)),
        "sentence": found.sentence,
    }


def trends(found: Mapping[tuple[str, str], Trend]) -> list[dict[str, Any]]:
    """Rank correlations of waits with what is spent and used, with their 95 % intervals."""
    return [
        {"by": by, "metric": metric, "rho": number(one.rho), "low": number(one.low), "high": number(one.high)}
        for (by, metric), one in found.items()
    ]


def body(audit: Audit) -> dict[str, Any]:
    """What money must not make a difference to."""
    return {
        "tickets": audit.tickets,
        "verdict": str(audit.verdict),
        "metrics": metrics(audit.rows),
        "monitor": light(audit.monitor),
        "where": [where(each) for each in audit.where],
        "notes": audit.notes,
    }
