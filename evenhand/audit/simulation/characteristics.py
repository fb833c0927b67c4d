"""How often the audit and the monitor are right, with Monte Carlo errors: the table of docs/audit.md."""

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr
from scipy.stats import mannwhitneyu

from evenhand.audit.procedure import Audit, audit
from evenhand.audit.simulation.desks import BETWEEN, DESKS, SPREAD, Desk, month
from evenhand.audit.tickets import Tickets
from evenhand.fairness.durations import Floats
from evenhand.fairness.monitor import ALPHA, RUN_LENGTH, Signs, alarm, broken, certificate, first_at
from evenhand.fairness.verdicts import Margin

SIZES = (500, 1000, 2000, 4000, 8000)
PAIRS, GOOD_PAIRS = 5_000, 3_000
RED = -log(ALPHA)


def characteristics(runs: int, sizes: Sequence[int], seed: int) -> dict[str, Any]:
    """Every desk at every size, and the monitor on signs of pairs."""
    rng = np.random.default_rng(seed)
    lines = [_line(desk, size, runs, rng) for desk in DESKS for size in sizes]
    return {"runs": runs, "seed": seed, "audit": lines, "monitor": _monitor(runs, rng)}


def _line(desk: Desk, size: int, runs: int, rng: np.random.Generator) -> dict[str, Any]:
    """How often each verdict fell. Inside: the 90 % interval lay inside the margin; excludes: Holm's excludes 1."""
    seen: Counter[str] = Counter()
    for _ in range(runs):
        tickets = month(desk, size, rng)
        seen.update(_read(audit(tickets), tickets))
    names = ("parity", "within tolerance", "disparity", "not enough evidence", "inside", "excludes", "wolf", "alarm")
    shares = {name: _share(seen[name], runs) for name in names}
    return {"desk": desk.name, "ratio": desk.ratio, "tickets": size, **shares}


def _read(found: Audit, tickets: Tickets) -> list[str]:
    row, read = found.rows[0], [str(found.verdict)]
    read += ["inside"] if Margin().holds(row.adjusted) else []
    read += ["excludes"] if row.finding.adjusted_p <= ALPHA else []
    read += ["wolf"] if _cries_wolf(tickets) else []
    read += ["alarm"] if found.monitor and found.monitor.alarm_at_pair else []
    return read


def _cries_wolf(tickets: Tickets) -> bool:
    """What is usually done instead: a Mann–Whitney test on closed tickets."""
    metric, premium = tickets.durations[0], tickets.groups["plan"].codes == 1
    sides = (metric.hours[metric.ended & side] for side in (premium, ~premium))
    return bool(mannwhitneyu(*sides).pvalue < ALPHA)


def _share(count: int, runs: int) -> dict[str, float]:
    share = count / runs
    return {"share": share, "error": sqrt(share * (1 - share) / runs)}


def _monitor(runs: int, rng: np.random.Generator) -> dict[str, Any]:
    fair = [_signs(PAIRS, 0.5, rng) for _ in range(runs)]
    effects = [_of_customers(PAIRS, rng) for _ in range(runs)]
    certified = [first_at(certificate(signs), RED) or PAIRS for signs in fair]
    turned = [np.concatenate([_signs(GOOD_PAIRS, 0.5, rng), _signs(PAIRS, 0.7, rng)]) for _ in range(runs)]
    caught = [(first_at(broken(signs)[GOOD_PAIRS:], log(RUN_LENGTH)) or PAIRS) for signs in turned]
    plain = [(first_at(alarm(signs)[GOOD_PAIRS:], RED) or PAIRS) for signs in turned]
    return {
        "pairs": PAIRS,
        "false_alarm_no_slack": _share(sum(first_at(alarm(s, 0.0), RED) is not None for s in fair), runs),
        "false_alarm": _share(sum(first_at(alarm(s), RED) is not None for s in fair), runs),
        "false_alarm_customers_no_slack": _share(sum(first_at(alarm(s, 0.0), RED) is not None for s in effects), runs),
        "false_alarm_customers": _share(sum(first_at(alarm(s), RED) is not None for s in effects), runs),
        "certificate_median_pairs": _median(certified),
        "break_median_pairs": _median(caught),
        "plain_process_median_pairs": _median(plain),
    }


def _median(values: list[int]) -> dict[str, float]:
    """The median, and its error from the order statistics a standard deviation away."""
    ordered, half = np.sort(values), sqrt(len(values)) / 2
    low, high = (int(np.clip(len(values) / 2 + side * half, 0, len(values) - 1)) for side in (-1, 1))
    return {"median": float(np.median(ordered)), "error": float(ordered[high] - ordered[low]) / 2}


def _signs(pairs: int, faster: float, rng: np.random.Generator) -> Signs:
    return np.where(rng.random(pairs) < faster, 1, -1).astype(np.int8)


def _of_customers(pairs: int, rng: np.random.Generator) -> Signs:
    """Signs of a fair desk in which sixty customers of each side, each with ways of their own, come back again and again."""
    mine, theirs = (rng.normal(0, BETWEEN, 60)[rng.integers(0, 60, pairs)] for _ in range(2))
    faster: Floats = ndtr((theirs - mine) / (SPREAD * sqrt(2)))
    return np.where(rng.random(pairs) < faster, 1, -1).astype(np.int8)
