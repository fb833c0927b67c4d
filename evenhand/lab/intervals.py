"""Confidence intervals of means from simulation."""

from __future__ import annotations

import numpy as np
from scipy import special  # scipy.stats takes a second to import

from .turns import Floats

BATCHES = 40


def around(values: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """A Student interval for the mean of independent values, such as one number a replication. NaN with fewer than two."""
    count = len(values)
    if count < 2:
        return float("nan"), float("nan")
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / count**0.5
    reach = error * float(special.stdtrit(count - 1, (1 + confidence) / 2))
    return mean - reach, mean + reach


def batch_means(values: Floats, confidence: float = 0.95, batches: int = BATCHES) -> tuple[float, float]:
    """An interval for the mean of one long dependent run, from the means of consecutive batches (Law 2015, §9.5.3).

    Right when a batch is much longer than the run's memory: give more tickets when the load is near one.
    """
    size = len(values) // batches
    if size == 0:
        return around(values, confidence)
    return around(values[: size * batches].reshape(batches, size).mean(axis=1), confidence)
