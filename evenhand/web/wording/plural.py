"""Words that change with a number, as each language counts (the categories and rules of Unicode's CLDR)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

Rule = Callable[[float], str]


def _one_or_more(n: float) -> str:
    return "one" if n == 1 else "other"


def _below_two_alike(n: float) -> str:
    return "one" if n < 2 else "other"


def _always_alike(n: float) -> str:  # noqa: ARG001 - every number is alike
    return "other"


def _polish(n: float) -> str:
    if n == 1:
        return "one"
    if n != int(n):
        return "few"  # “półtorej godziny”, “1,5 godziny”: written as the few are
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


# A language that is not here counts as English does.
RULES: dict[str, Rule] = {"fr": _below_two_alike, "ja": _always_alike, "pl": _polish}
UP_TO = 200  # where every rule of whole numbers has shown all that it tells apart


def rule_of(language: str) -> Rule:
    return RULES.get(language, _one_or_more)


@cache
def categories_of(rule: Rule) -> frozenset[str]:
    return frozenset(rule(n) for n in range(UP_TO))


class Forms:
    """A sentence in the forms that a language has for numbers: `hours(4)` is “4 hours”."""

    __slots__ = ("_forms", "_rule")

    def __init__(self, language: str, forms: Mapping[str, str]) -> None:
        self._rule, self._forms = rule_of(language), dict(forms)
        if missing := categories_of(self._rule) ^ self._forms.keys():
            raise ValueError(f"A number in {language} has not the forms {', '.join(sorted(missing))}.")

    def __call__(self, n: float, written: str = "") -> str:
        """The sentence for `n`, in which it is `written` so, or just as it is."""
        return self._forms[self._rule(n)].format(n=written or n)

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms.values())
