"""The leak scan: how well could what the desk does see stand in for the plan?

Per account, not per conversation: who writes often must not count more often. For every visible feature the guess of
an account's plan from the feature is compared with the guess without it (Goodman and Kruskal's lambda, cross-validated
by leaving the account itself out, so that a feature with a value of its own for everybody gains nothing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

FEWEST_ACCOUNTS = 20  # below that, nothing is said: a figure would be about somebody


@dataclass(frozen=True)
class Leak:
    """One feature: how often it guesses the plan right, beside always guessing the commonest plan."""

    feature: str
    accounts: int
    right: float
    right_without: float

    @property
    def gain(self) -> float:
        """The share of wrong guesses that the feature saves; 0 nothing, 1 everything."""
        missing = 1 - self.right_without
        return max(0.0, (self.right - self.right_without) / missing) if missing > 0 else 0.0

    @property
    def sentence(self) -> str:
        if self.gain >= 0.5:
            return (
                f"Knowing the {self.feature} nearly gives the plan away. Keep rules, views and tags from leaning on it."
            )
        if self.gain >= 0.15:
            return f"The {self.feature} says something about the plan. Look whether a rule or a view treats its values differently."
        return f"The {self.feature} says little about the plan."


def leaks(plan: Mapping[int, str], features: Mapping[str, Mapping[int, Hashable]]) -> list[Leak]:
    """One row per feature (account -> value), the most telling first. Accounts without a plan are left out."""
    found = [_leak(name, plan, values) for name, values in features.items()]
    return sorted((leak for leak in found if leak.accounts >= FEWEST_ACCOUNTS), key=lambda leak: -leak.gain)


def _leak(name: str, plan: Mapping[int, str], values: Mapping[int, Hashable]) -> Leak:
    accounts = [account for account in plan if account in values]
    everyone = Counter(plan[account] for account in accounts)
    alike: dict[Hashable, Counter[str]] = {}
    for account in accounts:
        alike.setdefault(values[account], Counter())[plan[account]] += 1
    right = sum(_guessed(alike[values[account]], everyone, plan[account]) for account in accounts)
    without = sum(_guessed(everyone, everyone, plan[account]) for account in accounts)
    n = max(len(accounts), 1)
    return Leak(name, len(accounts), right / n, without / n)


def _guessed(alike: Counter[str], everyone: Counter[str], truth: str) -> bool:
    """Whether the plan is guessed right from the others alike, the account itself left out; from everyone if alone."""
    others = +(alike - Counter([truth])) or everyone - Counter([truth])
    return _commonest(others.items()) == truth


def _commonest(counts: Iterable[tuple[str, int]]) -> str | None:
    return max(counts, key=lambda pair: (pair[1], pair[0]), default=(None, 0))[0]
