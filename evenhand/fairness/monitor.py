"""A watch that may be read at any moment: an alarm for disparity, a detector for a break, a certificate of parity.

Each step is the sign d of a pair of like tickets: +1 where the group's was faster, -1 where it was slower, 0 undecided.
Under parity the expected sign is nothing, whatever came before, so the products below are test martingales and Ville's
inequality holds at every moment at once. The slack keeps customer effects from crying wolf.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from evenhand.fairness.durations import Floats

Signs = NDArray[np.int8]

BETS = (0.05, 0.1, 0.2, 0.4)
SLACK = 0.05  # delta: a mean sign this small is not looked for
TOLERANCE = 0.10  # delta_c: the certificate says the mean sign is smaller than this either way
ALPHA = 0.05
RUN_LENGTH = 5_000  # pairs between false breaks, on average at least


@dataclass(frozen=True)
class Watch:
    """What the monitor read after each of n pairs, as logarithms."""

    alarm: Floats
    broken: Floats
    certificate: Floats

    @property
    def alarm_at(self) -> int | None:
        """The pair, counted from 1, at which disparity was shown: E >= 1 / alpha."""
        return first_at(self.alarm, -log(ALPHA))

    @property
    def break_at(self) -> int | None:
        """The pair at which the break detector first rang."""
        return first_at(self.broken, log(RUN_LENGTH))

    @property
    def certificate_at(self) -> int | None:
        """The pair at which parity was shown to within the tolerance."""
        return first_at(self.certificate, -log(ALPHA))


def watch(signs: Signs, slack: float = SLACK, tolerance: float = TOLERANCE) -> Watch:
    """Read the monitor after each of the signs (-1, 0 or +1), in the order in which they were decided."""
    return Watch(alarm(signs, slack), broken(signs, slack), certificate(signs, tolerance))


def alarm(signs: Signs, slack: float = SLACK) -> Floats:
    """log E after each pair: the mean over bets and both directions of the products of 1 + bet (±d - slack)."""
    return _mean(np.cumsum(steps, axis=-1) for steps in _both(signs, slack))


def broken(signs: Signs, slack: float = SLACK) -> Floats:
    """log M after each pair, M = (M before + 1)(1 + bet (±d - slack)): an e-detector, which forgets a good past."""
    return _mean(_detector(steps) for steps in _both(signs, slack))


def certificate(signs: Signs, tolerance: float = TOLERANCE) -> Floats:
    """log of the lesser of two one-sided e-processes: against a mean sign of +tolerance or more, and of -tolerance or less."""
    sides = [_steps(d, -tolerance, 1 + tolerance) for d in (-signs, signs)]
    return np.minimum(*(_mean([np.cumsum(steps, axis=-1)]) for steps in sides))


def together(
    logs: Sequence[Floats], at: Sequence[Floats], weight: Sequence[float], level: float, before: float = 1.0
) -> float | None:
    """The first moment at which several e-processes, read side by side, are `level` or more as one: their weighted mean
    is one again, whatever the dependence, where weights were fixed beforehand and sum to 1. None where it never comes.

    `logs` and `at`: (n,) of each, its readings as logarithms and their moments, in order. `before` is what a process is
    before its first reading: 1, or 0 for the detector of breaks, whose mean rings once in `level` pairs of its fastest.
    """
    steps = []
    for log_e, w in zip(logs, weight, strict=True):
        # What is enough by itself is cut off a little above that, so that sums of differences stay exact.
        value = w * np.exp(np.minimum(log_e, log(level / w) + 1))
        steps.append(np.diff(value, prepend=w * before))
    moments = np.concatenate([*at, np.empty(0)])
    order = np.argsort(moments, kind="stable")
    mean = sum(weight) * before + np.cumsum(np.concatenate([*steps, np.empty(0)])[order])
    last = np.searchsorted(moments[order], moments[order], side="right") - 1
    reached = first_at(mean[last], level * (1 - 1e-12))
    return None if reached is None else float(moments[order][reached - 1])


def first_at(values: Floats, level: float) -> int | None:
    """The 1-based place of the first value at or above `level`."""
    reached = values >= level
    return int(reached.argmax()) + 1 if reached.any() else None


def _both(signs: Signs, slack: float) -> list[Floats]:
    return [_steps(d, slack, 1 + slack) for d in (signs, -signs)]


def _steps(signs: Signs, slack: float, scale: float) -> Floats:
    """(bets, n) log of 1 + bet (d - slack), no bet so large that it could lose everything."""
    bets = np.array(BETS)[:, None] / scale
    return np.asarray(np.log1p(bets * (signs[None, :] - slack)))


def _detector(steps: Floats) -> Floats:
    """log M from the log factors: M_t is the sum over all beginnings s <= t of the product from s to t."""
    total = np.cumsum(steps, axis=-1)
    begun = np.logaddexp.accumulate(steps - total, axis=-1)
    return np.asarray(total + begun)


def _mean(parts: Iterable[Floats]) -> Floats:
    """The mean of e-processes given as (bets, n) logarithms."""
    logs = np.concatenate(list(parts))
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - log(len(logs)))
