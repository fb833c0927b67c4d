"""The same tickets under every policy, many times over, on any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, as_completed
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from .draw import workload
from .money import economics
from .outcomes import Outcome, play
from .policies import Promise
from .refused import Refused
from .schemes import policy as policy_of
from .study import Study
from .summary import CURVE, summary, together
from .team import agents, desk_hours, staffed_a_week
from .workload import Workload

Progress = Callable[[int, int], None]


def silent(_done: int, _of: int) -> None:
    """Nobody looks on."""


def promise(study: Study) -> Promise:
    """The one promise by need, in staffed hours."""
    return np.array([need.promise for need in study.needs.values()])


def limit(study: Study) -> float:
    """Where the restricted mean stops: twice the longest promise, in calendar hours of the desk's week."""
    hours = desk_hours(study)
    return 2 * float(promise(study).max()) * hours.period / hours.staffed


def outcome(study: Study, policy: str, seed: int, load: Workload | None = None) -> Outcome:
    """One policy, one replication."""
    chosen = policy_of(policy, study.schemes)
    return play(load or workload(study, seed), chosen, agents(study), promise(study), study.team.kept)


def one(study: Study, policy: str, seed: int) -> dict[str, Any]:
    """The summary of one replication: what an executor runs."""
    hours = desk_hours(study)
    found = outcome(study, policy, seed)
    return summary(found, tuple(study.plans), tuple(study.needs), limit(study), hours.staffed / hours.period)


def rows_of(study: Study, by_customer: bool) -> Iterator[Any]:
    """A table for each policy and replication, of tickets or of customers; played anew, so that none is kept."""
    from . import rows  # which needs pyarrow, and a comparison alone does not

    named = {"plan": tuple(study.plans), "need": tuple(study.needs)}
    for policy in study.policies:
        for seed in range(study.replications):
            found = outcome(study, policy, seed).tickets
            if by_customer:
                yield rows.customers(found, policy, seed, named, limit(study))
            else:
                yield rows.tickets(found, policy, seed, named)


def stable(study: Study) -> float:
    """Work asked for a week as a share of staffed time, as one drawn stretch shows it."""
    load = workload(study, 0)
    if not load.turns.size:
        raise Refused("Not a single ticket was asked in that time. Give more customers, tickets a month or weeks.")
    return load.load / staffed_a_week(agents(study))


def unstable_says(load: float) -> str | None:
    """What a load above one means, in a sentence."""
    if load < 1:
        return None
    return (
        f"The load is {load:.0%} of what the agents can do: tickets pile up for as long as the study lasts, and every wait "
        "below grows with its length. Add agents, or read it as how long the pile becomes."
    )


def compare(study: Study, executor: Executor | None = None, progress: Progress = silent) -> dict[str, Any]:
    """Every policy of the study over the same replications. The result does not depend on the executor."""
    chosen = [policy_of(name, study.schemes) for name in study.policies]
    load = stable(study)
    jobs = [(policy.name, seed) for policy in chosen for seed in range(study.replications)]
    found: dict[tuple[str, int], dict[str, Any]] = {}
    if executor is None:
        for job in jobs:
            found[job] = one(study, *job)
            progress(len(found), len(jobs))
    else:
        waiting: dict[Future[dict[str, Any]], tuple[str, int]] = {
            executor.submit(one, study, *job): job for job in jobs
        }
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            progress(len(found), len(jobs))
    policies = {
        policy.name: {"title": policy.title, "says": policy.says, "sells_tiers": policy.sells_tiers}
        | together([found[policy.name, seed] for seed in range(study.replications)])
        for policy in chosen
    }
    return {
        "study": study.as_dict(),
        "load": load,
        "unstable": unstable_says(load),
        "curve_hours": CURVE.tolist(),
        "restricted_at": limit(study),
        "policies": policies,
        "money": {name: economics(study, result, policy_of(name, study.schemes)) for name, result in policies.items()},
    }


# Below this many jobs, starting processes takes longer than they save.
WORTH_PROCESSES = 64


def on(cluster: str | None, workers: int, jobs: int) -> Any:
    """A context with an executor: a Dask cluster by its address, else processes; None where one process does."""
    if cluster:
        try:
            from distributed import Client
        except ImportError:
            raise Refused("--cluster needs the extra: pip install 'evenhand[cluster]'.") from None
        try:
            client = Client(cluster, timeout="5s")
        except (OSError, TimeoutError, ValueError) as error:
            raise Refused(f"No Dask cluster answers at {cluster}: {error}") from None
        return _Closing(client)
    if workers <= 1 or jobs < WORTH_PROCESSES:
        return nullcontext(None)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(min(workers, jobs), mp_context=get_context("spawn"))


class _Closing:
    """A Dask client as an executor that closes with its block."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __enter__(self) -> Any:
        return self.client.get_executor()

    def __exit__(self, *_: object) -> None:
        self.client.close()


def write_whole(path: Path, text: str) -> None:
    """The file, or none: never half of it."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
