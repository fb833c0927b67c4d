"""Groups by a number, such as spend or use: quarters, and the trend over its whole range."""

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from scipy.special import stdtrit

from evenhand.fairness.comparison import clustered
from evenhand.fairness.durations import Floats, Ints

QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")


def quarters(value: Floats) -> Ints:
    """0 to 3 by the quartiles of `value`; equal values are never parted, so quarters may be uneven or missing."""
    edges = np.quantile(value, (0.25, 0.5, 0.75)) if len(value) else np.empty(0)
    return np.asarray(np.searchsorted(edges, value, side="left"))


@dataclass(frozen=True)
class Trend:
    """Spearman's rank correlation inside strata, with a 95 % interval that allows for customers."""

    rho: float
    low: float
    high: float


def trend(value: Floats, time: Floats, stratum: Ints, customer: Ints) -> Trend:
    """Do durations go with `value`? Ranks are taken inside each stratum, so that strata do not make a trend.

    Clip `time` at tau first: ranks then need no exact value for what lasted longer. Its influence values are those of a
    correlation, x y - rho (x² + y²) / 2 for standardised ranks, summed by customer.
    """
    x, y = (_ranks(values, stratum) for values in (value, time))
    spread = [sqrt(float(np.mean(v**2))) for v in (x, y)] if len(value) else [0.0, 0.0]
    if not min(spread) > 0:
        return Trend(nan, nan, nan)
    x, y = x / spread[0], y / spread[1]
    rho = float(np.mean(x * y))
    pull = (x * y - rho * (x**2 + y**2) / 2) / len(x)
    error, effective = clustered(pull, customer, np.ones(len(x), dtype=bool))
    half = float(stdtrit(effective - 1, 0.975)) * error if effective > 1 else nan
    return Trend(rho, rho - half, rho + half)


def _ranks(values: Floats, stratum: Ints) -> Floats:
    """Mean ranks inside each stratum, from -1/2 to 1/2."""
    _, level = np.unique(values, return_inverse=True)
    _, place, ties = np.unique(
        stratum * (int(level.max(initial=0)) + 1) + level, return_inverse=True, return_counts=True
    )
    rank = (np.cumsum(ties) - (ties - 1) / 2)[place]  # the middle of equal values, counted from 1 over all strata
    size = np.bincount(stratum)
    start = np.cumsum(size) - size
    return np.asarray((rank - start[stratum] - (size[stratum] + 1) / 2) / size[stratum])
