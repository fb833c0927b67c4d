"""The outcome of a policy as numbers: by plan, by need, for everybody; and the intervals of many replications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from .intervals import around
from .outcomes import Outcome
from .turns import Floats, Table

# Where the curve of waits is read off, in hours, for the charts.
CURVE = np.array([0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336], dtype=float)


def restricted_mean(hours: Floats, limit: float) -> float:
    """Mean of min(hours, limit), no reply counting as the limit: what the audit estimates from a censored history."""
    return float(np.mean(np.fmin(np.nan_to_num(hours, nan=limit), limit))) if hours.size else float("nan")


def _spread(hours: Floats, name: str) -> dict[str, float]:
    known = hours[~np.isnan(hours)]
    if known.size == 0:
        return {f"{name}_{part}": float("nan") for part in ("mean", "median", "p90", "p95")}
    median, p90, p95 = np.quantile(known, [0.5, 0.9, 0.95])
    return {
        f"{name}_mean": float(known.mean()),
        f"{name}_median": float(median),
        f"{name}_p90": float(p90),
        f"{name}_p95": float(p95),
    }


def _customers(rows: Table) -> dict[str, float]:
    """How customers' own mean waits for a first reply are spread."""
    known = ~np.isnan(rows.reply)
    count = np.bincount(rows.customer[known])
    mean = np.bincount(rows.customer[known], weights=rows.reply[known])[count > 0] / count[count > 0]
    return {f"customers_{part}": value for part, value in _spread(mean, "reply").items() if part != "reply_mean"}


def figures(rows: Table, limit: float, staffed: float = 1.0) -> dict[str, float]:
    """What there is to say about a set of tickets. Replies in hours; shares of all tickets, the refused included.

    `limit` is where restricted means stop, and `staffed` the share of all hours that are staffed."""
    if rows.size == 0:
        return {"tickets": 0.0}
    let_in = rows[~(rows.denied | rows.suppressed)]
    found = {"tickets": float(rows.size), "customers": float(np.unique(rows.customer).size)}
    for name in ("reply", "next", "resolution"):
        found |= _spread(rows[name], name) | _spread(rows[f"{name}_staffed"], f"{name}_staffed")
    for name in ("reply", "resolution"):
        found[f"{name}_restricted"] = restricted_mean(rows[name], limit)
        found[f"{name}_staffed_restricted"] = restricted_mean(rows[f"{name}_staffed"], limit * staffed)
    found |= {name: float(rows[name].mean()) for name in ("abandoned", "denied", "suppressed", "kept")}
    found["restricted_mean"] = found["reply_restricted"]
    found["reopened"] = float(np.mean(let_in.returns > 0)) if let_in.size else 0.0
    found |= _customers(rows)
    found["overtaken"] = float(let_in.overtaken.mean()) if let_in.size else 0.0
    found["discrimination"] = float(rows.discrimination.mean())
    found["denied_per_customer"] = float((rows.denied | rows.suppressed).sum() / max(found["customers"], 1))
    return found


def curve(rows: Table) -> list[float]:
    """Share of tickets with a first reply within each of CURVE's hours."""
    if rows.size == 0:
        return [float("nan")] * CURVE.size
    return [float(np.mean(rows.reply <= hours)) for hours in CURVE]


def summary(
    outcome: Outcome, plans: tuple[str, ...], needs: tuple[str, ...], limit: float, staffed: float = 1.0
) -> dict[str, Any]:
    """One replication of one policy, small enough to send from one process to another."""
    rows = outcome.tickets

    def part(mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
        chosen = rows[mask].view(np.recarray)
        return figures(chosen, limit, staffed) | {"curve": curve(chosen)}

    return {
        "all": part(np.ones(rows.size, dtype=bool)),
        "plans": {plan: part(rows.plan == i) for i, plan in enumerate(plans)},
        "needs": {need: part(rows.need == i) for i, need in enumerate(needs)},
        "utilisation": float(outcome.utilisation.mean()),
        "busiest_agent": float(outcome.utilisation.max()),
        "identities_hold": bool(outcome.identities["hold"]),
        "work_a_week": outcome.load,
    }


def together(parts: Iterable[dict[str, Any]], confidence: float = 0.95) -> dict[str, Any]:
    """The mean of each number over the replications, and its interval under `<name>_ci`."""
    runs = list(parts)
    found: dict[str, Any] = {}
    for name, first in runs[0].items():
        values = [run.get(name) for run in runs]
        if isinstance(first, dict):
            found[name] = together([value for value in values if value is not None], confidence)
        elif isinstance(first, list):
            found[name] = np.nanmean(np.array(values, dtype=float), axis=0).tolist() if runs else []
        elif isinstance(first, bool):
            found[name] = all(values)
        else:
            known = np.array([value for value in values if value is not None and value == value], dtype=float)
            found[name] = float(known.mean()) if known.size else None
            found[f"{name}_ci"] = around(known, confidence) if known.size > 1 else None
    return found
