"""The figures of a statement: everything published, as plain JSON values."""

from __future__ import annotations

import math
from typing import Any

from evenhand.fairness.comparison import Comparison

from .desk.leaks import Leak
from .origins import Where
from .procedure import Audit, Row
from .watching import Light

FEWEST_PUBLISHED = 20  # conversations; a figure of fewer could be about somebody


def number(value: float | None) -> float | None:
    """Six significant digits: what is shown, and the same on every machine."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


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


def metric(row: Row) -> dict[str, Any]:
    """One metric of one group; a group too small to publish says only that."""
    small = row.adjusted.group_tickets < FEWEST_PUBLISHED
    found: dict[str, Any] = {"metric": row.metric, "by": row.by, "group": row.group, "verdict": str(row.verdict)}
    if small:
        return {**found, "suppressed": f"fewer than {FEWEST_PUBLISHED}"}
    return {
        **found,
        "unadjusted": comparison(row.unadjusted),
        "adjusted": comparison(row.adjusted),
        "group_tickets": row.adjusted.group_tickets,
        "tau": number(row.tau),
        "what_would_change_it": row.finding.what_would_change_it,
    }


def light(found: Light | None) -> dict[str, Any]:
    if found is None:
        return {"pairs": 0, "colour": "amber", "alarm_at_pair": None, "alarm_at": None, "certificate_at_pair": None}
    return {
        "metric": found.metric,
        "pairs": found.pairs,
        "colour": found.colour,
        "alarm_at_pair": found.alarm_at_pair,
        "alarm_at": found.alarm_at,
        "certificate_at_pair": found.certificate_at_pair,
        "groups": [
            {
                "by": g.by,
                "group": g.group,
                "pairs": g.pairs,
                "ahead": g.ahead,
                "behind": g.behind,
                "break_at": g.break_at,
            }
            for g in found.groups
            if g.pairs >= FEWEST_PUBLISHED
        ],
    }


def where(found: Where) -> dict[str, Any]:
    """Where a difference arises, largest part first; parts of few conversations are left out."""
    parts = [part for part in found.origin.parts if part.group_tickets >= FEWEST_PUBLISHED]
    return {
        "metric": found.metric,
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


def body(audit: Audit) -> dict[str, Any]:
    """What money must not make a difference to."""
    return {
        "tickets": audit.tickets,
        "verdict": str(audit.verdict),
        "metrics": [metric(row) for row in audit.rows],
        "monitor": light(audit.monitor),
        "where": [where(each) for each in audit.where],
        "notes": audit.notes,
    }
