"""What a history teaches, as a study: who asks how much and when, how long it takes, who answers."""

from __future__ import annotations

from typing import Any

from .parts import Need, Plan, Team
from .replay import Setting
from .study import Study
from .turns import FOLLOWING
from .workload import MONTH

# Put above the file: a history says nothing of money, and a study that kept silent about it would be believed.
SAYS = "# Learned from {file}. What customers pay (monthly), their churn and what agents cost are in no history: fill them in.\n"


def learned(made: Setting, found: dict[str, Any]) -> Study:
    """The history's own averages; tickets drawn from it are like those recorded, but not the same."""
    load, history = made.load, made.history
    first, months = load.opening, max(load.hours / MONTH, 1e-9)
    plans = {}
    for i, name in enumerate(load.plans):
        customers = int((load.customers.plan == i).sum())
        tickets = int((load.plan[first] == i).sum()) / max(customers, 1) / months
        plans[name] = Plan(customers=customers, tickets=tickets, monthly=0.0)
    needs = {}
    for i, name in enumerate(load.needs):
        effort = load.turns.effort[load.need == i]
        mean = float(effort.mean()) if effort.size else 0.0
        needs[name] = Need(
            share=float((load.need[first] == i).mean()), promise=found["promise"], effort=max(mean, 1e-3),
            scv=float(effort.var() / mean**2) if mean > 0 else 0.0, patience=found["fit"]["patience"] or float("inf"),
        )  # fmt: skip
    later = load.turns.kind == FOLLOWING
    more = later.sum() / max(first.sum(), 1)
    return Study(
        name=f"Learned from {found['file']}", weeks=max(round(load.hours / 168), 1), plans=plans, needs=needs,
        policies=tuple(found["policies"]), arrivals=tuple(float(each) for each in found["fit"]["arrivals"]["by_hour_of_week"]),
        follow_up=float(more / (1 + more)), follow_up_after=float(load.turns.arrival[later].mean()) if later.any() else 0.0,
        team=Team(agents=found["agents"], hours=found["hours"], begins=history.zero.date().isoformat(), zone=str(history.zero.tzinfo)),
        lanes_by_need=len(load.needs) > 1,
    ).with_values()  # fmt: skip
