"""A policy by its name: a shipped one, one of the study's own, or several together, as in `strict_tiers+monthly_allotment`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from . import doors, policies, rules
from .parts import Scheme
from .policies import Policy, Promise
from .presets import preset
from .refused import Refused
from .turns import Rule
from .workload import Workload


def policy(name: str, own: Mapping[str, Scheme] | None = None) -> Policy:
    """The policy of that name. Refused with the names there are, or where two orders are to hold at once."""
    parts = [_one(part.strip(), own or {}) for part in name.split("+")]
    return parts[0] if len(parts) == 1 else _together(name, parts)


def _one(name: str, own: Mapping[str, Scheme]) -> Policy:
    return _of(name, own[name], own) if name in own else preset(name)


def _together(name: str, parts: list[Policy]) -> Policy:
    """All doors, one after the other, and the one order that is not merely the default of a door."""
    orders = [part for part in parts if not (part.denies or part.suppresses or part.own_team)]
    if len({part.order for part in orders}) > 1:
        raise Refused(
            f"{' and '.join(f'“{part.name}”' for part in orders)} are two orders of one line: choose one of them. Limits, prices and teams of "
            "their own can be put together with any order."
        )
    teams = [part.own_team for part in parts if part.own_team]
    if len(teams) > 1:
        raise Refused(f"“{name}” gives the best-paying plan more than one team of its own.")
    return Policy(
        name, " + ".join(part.title for part in parts), " ".join(part.says for part in parts), (orders or parts)[0].order,
        denies=tuple(door for part in parts for door in part.denies),
        suppresses=tuple(door for part in parts for door in part.suppresses),
        own_team=teams[0] if teams else 0.0, sells_tiers=any(part.sells_tiers for part in parts),
    )  # fmt: skip


def _of(name: str, scheme: Scheme, own: Mapping[str, Scheme]) -> Policy:
    """The vendor's table as a policy."""
    others = {key: each for key, each in own.items() if key != name}
    base = policy(scheme.order, others)
    ordered = base.order
    if scheme.promises:
        ordered = partial(_by_promise, scheme.promises)
    elif scheme.weights:
        ordered = partial(_by_weight, scheme.weights)
    denies: list[tuple[object, Callable[[], doors.Door]]] = [
        (scheme.a_month, lambda: doors.monthly_allotment(dict(scheme.a_month), scheme.for_each_seat)),
        (scheme.incidents, lambda: doors.incidents(dict(scheme.incidents))),
        (scheme.hours_a_month, lambda: doors.hours_bank(dict(scheme.hours_a_month))),
        (scheme.a_project, lambda: doors.project_allotment(scheme.a_project)),
        (scheme.days, lambda: doors.time_limited(scheme.days, scheme.renewed)),
        (scheme.fair_use, lambda: doors.fair_use(scheme.fair_use)),
    ]
    prices = (doors.pay_by_use(scheme.price, scheme.elasticity),) if scheme.price else ()
    return replace(
        base, name=name, title=scheme.title or name.replace("_", " "), says="The study’s own.", order=ordered,
        denies=base.denies + tuple(door() for given, door in denies if given), suppresses=base.suppresses + prices,
        own_team=scheme.own_team or base.own_team, sells_tiers=scheme.sells_tiers,
    )  # fmt: skip


def _by_plan(load: Workload, given: Mapping[str, float], otherwise: Callable[[int], float]) -> list[float]:
    """A number for each class: its plan's, else what `otherwise` says of the class."""
    needs = len(load.needs)
    return [given.get(load.plans[k // needs], otherwise(k)) for k in range(load.classes)]


def _by_promise(promises: Mapping[str, float], load: Workload, promise: Promise) -> Rule:
    """Due soonest, the promise bought with the plan."""
    return rules.due_first(_by_plan(load, promises, lambda k: float(promise[k % len(load.needs)])))


def _by_weight(weights: Mapping[str, float], load: Workload, promise: Promise) -> Rule:
    """Plans take turns in proportion to their weights."""
    plan = np.repeat(np.arange(len(load.plans)), len(load.needs)).astype(np.int32)
    by_plan = [weights.get(name, 1.0) for name in load.plans]
    return rules.weighted(plan, by_plan, policies.by_class(load, promise), by_class=True)
