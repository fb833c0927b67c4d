"""An audit as one JSON object. Ratios and shares as plain numbers, times in hours, moments in ISO 8601, nothing for nan."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Any

from evenhand import __version__
from evenhand.audit.origins import Where
from evenhand.audit.procedure import Audit, Row
from evenhand.audit.settings import METHOD, Settings
from evenhand.audit.watching import Light

PARTS_TOLD = 8


def facts(audit: Audit, settings: Settings, set_aside: dict[str, int], notes: list[str]) -> dict[str, Any]:
    """The object that `evenhand audit csv --json` prints."""
    from evenhand.audit.report.words import conclusion

    return {
        "verdict": str(audit.verdict),
        "sentence": conclusion(audit),
        "tickets": audit.tickets,
        "metrics": [_row(row) for row in audit.rows],
        "monitor": _light(audit.monitor),
        "set_aside": set_aside,
        "where": [_where(where) for where in audit.where],
        "trends": [
            {"by": by, "metric": metric, "rho": figure(t.rho), "low": figure(t.low), "high": figure(t.high)}
            for (by, metric), t in audit.trends.items()
        ],
        "notes": [*notes, *audit.notes],
        "margin": {"low": settings.margin.low, "high": settings.margin.high, "points": settings.margin.points},
        "method": METHOD,
        "version": __version__,
    }


def figure(value: float | None) -> float | None:
    """A number to six significant digits; None for what is no number."""
    return None if value is None or not isfinite(value) else float(f"{value:.6g}")


def moment(hours: float | None) -> str | None:
    """Hours since 1970 as a moment."""
    return None if hours is None else datetime.fromtimestamp(hours * 3600, UTC).isoformat(timespec="seconds")


def _row(row: Row) -> dict[str, Any]:
    low, high = row.adjusted.interval(0.90)
    low_95, high_95 = row.adjusted.interval(0.95)
    plain_low, plain_high = row.unadjusted.interval(0.90)
    return {
        "metric": row.metric,
        "by": row.by,
        "group": row.group,
        "scale": row.adjusted.scale,
        "unadjusted": figure(row.unadjusted.value),
        "adjusted": figure(row.adjusted.value),
        "low": figure(low),
        "high": figure(high),
        "verdict": str(row.verdict),
        "what_would_change_it": row.finding.what_would_change_it,
        "low_95": figure(low_95),
        "high_95": figure(high_95),
        "p_adjusted": figure(row.finding.adjusted_p),
        "unadjusted_low": figure(plain_low),
        "unadjusted_high": figure(plain_high),
        "group_figure": figure(row.adjusted.group),
        "others_figure": figure(row.adjusted.others),
        "faster_less_slower": figure(row.lead),
        "promise_hours": figure(row.promise),
        "tau_hours": figure(row.tau),
        "tickets": row.adjusted.tickets,
        "group_tickets": row.adjusted.group_tickets,
        "covered": figure(row.adjusted.covered),
        "effective_customers": figure(row.adjusted.effective),
        "more_tickets": row.finding.more_tickets,
    }


def _light(light: Light | None) -> dict[str, Any]:
    if light is None:
        return {"pairs": 0, "alarm_at_pair": None, "alarm_at": None, "certificate_at_pair": None, "colour": None}
    return {
        "pairs": light.pairs,
        "alarm_at_pair": light.alarm_at_pair,
        "alarm_at": moment(light.alarm_at),
        "break_at_pair": light.break_at_pair,
        "break_at": moment(light.break_at),
        "certificate_at_pair": light.certificate_at_pair,
        "certificate_at": moment(light.certificate_at),
        "colour": light.colour,
        "groups": [
            {
                "by": one.by,
                "group": one.group,
                "metric": one.metric,
                "pairs": one.pairs,
                "faster": one.ahead,
                "slower": one.behind,
                "alarm_at_pair": one.alarm_at,
                "break_at_pair": one.break_at,
                "certificate_at_pair": one.certificate_at,
            }
            for one in light.groups
        ],
    }


def _where(where: Where) -> dict[str, Any]:
    return {
        "metric": where.metric,
        "by": where.by,
        "group": where.group,
        "column": where.column,
        "hours": figure(where.origin.total),
        "elsewhere_hours": figure(where.origin.elsewhere),
        "parts": [
            {
                "level": where.levels[part.level],
                "hours": figure(part.difference),
                "low": figure(part.low),
                "high": figure(part.high),
                "share": figure(part.difference / where.origin.total) if where.origin.total else None,
                "group_tickets": part.group_tickets,
                "other_tickets": part.other_tickets,
            }
            for part in where.origin.parts[:PARTS_TOLD]
        ],
    }
