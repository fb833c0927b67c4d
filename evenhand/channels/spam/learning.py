"""Learning what is unwanted, from what agents said.

A logistic regression with a quadratic penalty, fitted by SciPy. It is the only part that loads SciPy, and runs in a
process of its own: what the reader needs afterwards is a list of numbers. (scikit-learn does the same with twice the
memory; river, which learns letter by letter, takes longer to load than this takes to learn everything anew.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from .features import FEWEST_SPAM, FEWEST_WANTED, SPACE

Sample = frozenset[int]
PENALTY = 0.0005  # on the square of every weight, for each letter's worth of evidence
FOLDS = 5
MOST_WRONG = 0.001  # of wanted letters may be set aside, where so many are known that it can be seen
LEAST_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Learned:
    """A weight for each place, the sum at which a letter is set aside, and how often that was wrong on letters that the
    weights had not seen."""

    weights: np.ndarray[tuple[int], np.dtype[np.float32]]
    bias: float
    threshold: float
    spam: int
    wanted: int
    caught: float
    wrong: float


def learn(spam: Sequence[Sample], wanted: Sequence[Sample]) -> Learned | None:
    """What tells the two apart; None where too few are known."""
    if len(spam) < FEWEST_SPAM or len(wanted) < FEWEST_WANTED:
        return None
    rows, is_spam = [*spam, *wanted], np.array([True] * len(spam) + [False] * len(wanted))
    matrix = as_matrix(rows)
    sums = unseen_sums(matrix, is_spam)
    threshold = where_to_cut(sums[~is_spam])
    weights, bias = fit(matrix, is_spam)
    caught, wrong = float((sums[is_spam] >= threshold).mean()), float((sums[~is_spam] >= threshold).mean())
    return Learned(weights.astype(np.float32), bias, threshold, len(spam), len(wanted), caught, wrong)


def as_matrix(rows: Sequence[Sample]) -> csr_matrix:
    """A row for each letter, of length one so that long letters weigh no more than short ones."""
    lengths = np.array([max(len(row), 1) for row in rows])
    columns = np.fromiter((each for row in rows for each in sorted(row)), dtype=np.int32)
    values = np.repeat(1 / np.sqrt(lengths), [len(row) for row in rows])
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return csr_matrix((values, columns, starts), shape=(len(rows), SPACE))


def fit(matrix: csr_matrix, is_spam: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias with the least regret: convex, so that there is one answer. Both kinds weigh the same."""
    sign = np.where(is_spam, 1.0, -1.0)
    share = np.where(is_spam, 0.5 / is_spam.sum(), 0.5 / (~is_spam).sum())
    used = np.unique(matrix.indices)
    part = matrix[:, used]
    penalty = PENALTY / len(sign) ** 0.5

    def regret(known: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (part @ known[:-1] + known[-1])
        pull = -sign * share / (1 + np.exp(np.clip(margin, -500, 500)))
        loss = (share * np.logaddexp(0, -margin)).sum() + penalty * (known[:-1] ** 2).sum() / 2
        return float(loss), np.concatenate([part.T @ pull + penalty * known[:-1], [pull.sum()]])

    found = minimize(regret, np.zeros(len(used) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    weights = np.zeros(SPACE)
    weights[used] = found[:-1]
    return weights, float(found[-1])


def unseen_sums(matrix: csr_matrix, is_spam: np.ndarray) -> np.ndarray:
    """Each letter's sum under weights learned from the others."""
    sums = np.zeros(len(is_spam))
    fold = np.concatenate([np.arange(is_spam.sum()), np.arange((~is_spam).sum())]) % FOLDS
    for number in range(FOLDS):
        weights, bias = fit(matrix[fold != number], is_spam[fold != number])
        sums[fold == number] = matrix[fold == number] @ weights + bias
    return sums


def where_to_cut(wanted: np.ndarray) -> float:
    """The sum past which so few of the wanted letters lie as may be wrong, and never one that is not sure."""
    allowed = int(len(wanted) * MOST_WRONG)
    beyond = float(np.sort(wanted)[::-1][allowed])
    return max(beyond + 0.25, float(np.log(LEAST_SURE / (1 - LEAST_SURE))))
