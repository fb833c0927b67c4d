"""A comparison with all that hangs on it: the price of equality, what that depends on, and who is needed when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from . import rota
from .compare import Progress, promise, silent
from .draw import workload
from .money import equality, tornado
from .outcomes import staffed_replies
from .schemes import policy as policy_of
from .staffing import by_hour, fewest, kept, on_shift
from .study import Study
from .team import agents, lanes


def completed(study: Study, found: dict[str, Any], confidence: float) -> dict[str, Any]:
    """What `compare` found, with money and staffing beside it. The agents equality needs besides are measured: the
    fewest with which the best-paying plan, now like everybody, waits no longer than under the study's first tiers."""
    need = by_hour(study, confidence)
    now = on_shift(study)
    extra = float(max(0, _for_everyone(study, found) - study.team.agents))
    return found | {
        "equality": equality(study, extra),
        "tornado": tornado(study, extra),
        "staffing": {"confidence": confidence, "need": need, "now": now},
    }


def _for_everyone(study: Study, found: dict[str, Any], seeds: range = range(2)) -> int:
    name = next((name for name, row in found["policies"].items() if row["sells_tiers"]), None)
    if name is None:
        return study.team.agents
    goal = best_wait(study, name, seeds)
    low, high = (
        study.team.agents - 1,
        study.team.agents + study.team.size,
    )  # beyond twice the team, read it as "at least"
    while high - low > 1:
        middle = (low + high) // 2
        more = replace(study, team=replace(study.team, agents=middle))
        low, high = (low, middle) if best_wait(more, "flat", seeds) <= goal else (middle, high)
    return high


def best_wait(study: Study, policy: str, seeds: range) -> float:
    """Staffed hours until the best-paying plan's first reply, in the mean, those never answered counting as the longest."""
    chosen, team, promised = policy_of(policy, study.schemes), agents(study), promise(study)
    waits, longest = [], 0.0
    for seed in seeds:
        load = workload(study, seed)
        found = staffed_replies(load, chosen, team, promised, study.team.kept)
        waits.append(found[load.plan[load.opening] == len(study.plans) - 1])
        longest = max(longest, float(np.nanmax(found, initial=0.0)))
    mine = np.concatenate(waits)
    return float(np.mean(np.nan_to_num(mine, nan=longest))) if mine.size else 0.0


def staffed(
    study: Study,
    confidence: float,
    shifts: rota.ShiftRules,
    progress: Progress = silent,
) -> dict[str, Any]:
    """The fewest agents for the one promise and for each of the study's tiers, the need by hour, and a rota that was played."""
    tiers = [name for name in study.policies if policy_of(name, study.schemes).sells_tiers]
    steps = len(tiers) + 2
    same = fewest(study, "flat", confidence)
    progress(1, steps)
    schemes = [_scheme(study, "flat", "everybody", same)]
    for done, name in enumerate(tiers):
        schemes.append(_scheme(study, name, list(study.plans)[-1], fewest(study, name, confidence, only_best=True)))
        progress(done + 2, steps)
    need = by_hour(study, confidence)
    found = _confirmed_rota(study, need, confidence, shifts)
    progress(steps, steps)
    cheapest = min(row["agents"] for row in schemes)
    says = f"One promise for everybody takes {same['agents'] - cheapest} agents more than the leanest tiers, which keep it for the best-paying plan."
    return {"confidence": confidence, "schemes": schemes, "need": need, "rota": found, "says": says, "seed": study.seed}


def _scheme(study: Study, name: str, whom: str, row: dict[str, Any]) -> dict[str, Any]:
    title = policy_of(name, study.schemes).title
    return {"policy": name, "title": title, "for": whom, "lowest": min(row["kept"].values())} | row


def _confirmed_rota(study: Study, need: list[int], confidence: float, shifts: rota.ShiftRules) -> dict[str, Any]:
    """A rota for the closed form's need; one agent more in every open hour until the simulation keeps the promise too."""
    for more in range(12):
        found = rota.rota([hour + more if hour else 0 for hour in need], shifts)
        shares = kept(study, "flat", rota.team(found, lanes(study), study.team.at_once), range(2))
        if min(shares.values()) >= confidence:
            break
    return found | {"kept": shares, "added_by_simulation": more, "confirmed": min(shares.values()) >= confidence}
