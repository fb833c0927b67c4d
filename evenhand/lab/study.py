"""A study: a small TOML file that says who asks, who answers, which policies to compare, and what things cost."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from .check import checked, tickets_expected
from .parts import Group, Money, Need, Plan, Scheme, Team
from .refused import Refused

__all__ = ["Group", "Money", "Need", "Plan", "Scheme", "Study", "Team", "checked", "load", "tickets_expected"]

Section = TypeVar("Section")


# A made-up vendor of a thousand customers, for whoever has not written a study yet.
PLANS = {
    "free": Plan(customers=600, tickets=0.6, monthly=0.0, churn=0.04),
    "team": Plan(customers=300, tickets=2.0, monthly=60.0, seats=5, churn=0.025),
    "business": Plan(customers=80, tickets=5.5, monthly=400.0, seats=25, churn=0.015),
    "enterprise": Plan(customers=20, tickets=22.0, monthly=3000.0, seats=200, churn=0.008),
}
NEEDS = {
    "urgent": Need(share=0.1, promise=2.0, effort=0.9, patience=24.0),
    "normal": Need(share=0.6, promise=8.0, effort=0.6, patience=120.0),
    "question": Need(share=0.3, promise=16.0, effort=0.3, patience=160.0),
}


@dataclass(frozen=True)
class Study:
    """Everything a comparison is made from."""

    name: str = "A study"
    seed: int = 1
    weeks: float = 13.0
    replications: int = 8
    arrivals: str | tuple[float, ...] = "office"  # or "uniform", or 24 or 168 weights, by hour of the day or the week
    follow_up: float = 0.25  # chance that an answer brings a follow-up
    follow_up_after: float = 6.0  # mean hours until it does
    lanes_by_need: bool = True
    policies: tuple[str, ...] = ("flat", "first_come", "strict_tiers", "severity_by_plan", "premium_team")
    plans: Mapping[str, Plan] = field(default_factory=lambda: dict(PLANS))
    needs: Mapping[str, Need] = field(default_factory=lambda: dict(NEEDS))
    team: Team = field(default_factory=Team)
    money: Money = field(default_factory=Money)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)

    def with_values(self, **changes: Any) -> Study:
        return checked(replace(self, **changes))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def section(kind: type[Section], given: Any, where: str) -> Section:
    """The dataclass from a table of the file; unknown names and wrong types are refused by name."""
    if not isinstance(given, dict):
        raise Refused(f"[{where}] must be a table of names and values.")
    known = {entry.name: entry.type for entry in fields(kind)}  # type: ignore[arg-type]
    found = {}
    for name, value in given.items():
        if name not in known:
            raise Refused(f"[{where}] does not know “{name}”; it knows {', '.join(known)}.")
        found[name] = _fits(name, value, str(known[name]), where)
    return kind(**found)


def _fits(name: str, value: Any, wanted: str, where: str) -> Any:
    """The value as the dataclass has it; refused where it is of another kind."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted in ("int", "float") and not number:
        raise Refused(f"{name} in [{where}] must be a number, not {value!r}.")
    if wanted == "int" and not isinstance(value, int):
        raise Refused(f"{name} in [{where}] must be a whole number, not {value!r}.")
    if wanted == "float" and not math.isfinite(value) and name != "patience":
        raise Refused(f"{name} in [{where}] must be a finite number, not {value!r}.")
    if wanted == "str" and isinstance(value, date):
        return value.isoformat()  # TOML has dates of its own
    if wanted in ("str", "bool") and not isinstance(value, str if wanted == "str" else bool):
        raise Refused(f"{name} in [{where}] must be {'text' if wanted == 'str' else 'true or false'}, not {value!r}.")
    if wanted == "tuple[str, ...]":
        return _texts(name, value, where)
    if wanted == "tuple[float, ...]":
        return _pair(name, value, where)
    if wanted == "Mapping[str, float]":
        return _numbers(name, value, where)
    if wanted == "str | tuple[float, ...]":
        return _pattern(name, value)
    return value


def _texts(name: str, value: Any, where: str) -> tuple[str, ...]:
    known: list[Any] = (
        [each.isoformat() if isinstance(each, date) else each for each in value] if _is_list(value) else [None]
    )
    if not all(isinstance(each, str) for each in known):
        raise Refused(f'{name} in [{where}] must be a list of texts, such as ["one", "two"].')
    return tuple(known)


def _pair(name: str, value: Any, where: str) -> tuple[float, ...]:
    good = _is_list(value) and all(isinstance(each, int | float) and math.isfinite(each) for each in value)
    if not good or len(value) not in (0, 2):
        raise Refused(f"{name} in [{where}] must be two numbers, such as [0.1, 0.6].")
    return tuple(sorted(float(each) for each in value))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _numbers(name: str, value: Any, where: str) -> dict[str, float]:
    if not isinstance(value, dict):
        raise Refused(f"{name} in [{where}] must be a table of plans and numbers, such as {{ free = 1, team = 3 }}.")
    for key, each in value.items():
        _fits(key, each, "float", f"{where}.{name}")
        if each < 0:
            raise Refused(f"{key} in [{where}.{name}] is below zero.")
    return value


def _pattern(name: str, value: Any) -> str | tuple[float, ...]:
    if isinstance(value, str):
        return value
    good = _is_list(value) and all(isinstance(each, int | float) and math.isfinite(each) for each in value)
    if not good or len(value) not in (24, 168) or min(value) < 0 or sum(value) <= 0:
        raise Refused(
            f"{name} is office, uniform, or a list of 24 weights (by hour of the day) or 168 (by hour of the week, Monday first)."
        )
    return tuple(float(each) for each in value)


def load(path: Path) -> Study:
    """The study in a TOML file."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} is not a TOML file: {error}") from None
    parts: dict[str, Any] = dict(given)
    for name, kind in (("plans", Plan), ("needs", Need), ("schemes", Scheme)):
        if name in parts:
            parts[name] = _tables(parts[name], name, kind)
    if "team" in parts and isinstance(parts["team"], dict) and "groups" in parts["team"]:
        parts["team"] = parts["team"] | {"groups": _tables(parts["team"]["groups"], "team.groups", Group)}
    one: tuple[tuple[str, type[Any]], ...] = (("team", Team), ("money", Money))
    for name, part in one:
        if name in parts:
            parts[name] = section(part, parts[name], name)
    if "policies" in parts:
        named = parts["policies"] if isinstance(parts["policies"], list) else [None]
        if not named or not all(isinstance(name, str) for name in named):
            raise Refused('policies must be a list of names, such as ["flat", "strict_tiers"].')
        parts["policies"] = tuple(named)
    return checked(section(Study, parts, "study"))


def _tables(given: Any, name: str, kind: type[Section]) -> dict[str, Section]:
    if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
        raise Refused(f"{name} must be tables, such as [{name}.basic].")
    return {key: section(kind, value, f"{name}.{key}") for key, value in given.items()}
