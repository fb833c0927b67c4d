"""The numbers a reader may change, and the study they make of the one they began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Self

from evenhand.lab.refused import Refused
from evenhand.lab.study import Need, Plan, Study, tickets_expected

DRAWS = 2  # so that a page answers in a second; the file can have more
MOST_PLAYED = 400_000  # tickets in all draws under all policies


@dataclass(frozen=True)
class Sliders:
    """Agents; tickets in per cent of the study's; customers on the best-paying plan in per cent; hours promised to the
    most usual need (the others keep their proportion); how often everything is drawn anew."""

    agents: int
    asked: float
    best: float
    promise: float
    draws: int

    @classmethod
    def of(cls, study: Study) -> Self:
        """Where they stand before anyone has touched them."""
        return cls(study.team.agents, 100.0, _best(study), study.needs[usual(study)].promise, DRAWS)

    @classmethod
    def read(cls, given: Mapping[str, str], study: Study) -> Self:
        """From a form. Raises Refused with the sentence."""
        at_first = cls.of(study)
        return cls(
            int(number(given, "agents", at_first.agents, 0, 5000, "The number of agents")),
            number(given, "asked", at_first.asked, 1, 1000, "The tickets, in per cent of the study's,"),
            number(given, "best", at_first.best, 0, 100, "The share of the best-paying plan"),
            number(given, "promise", at_first.promise, 0.01, 8760, "The promise"),
            int(number(given, "draws", at_first.draws, 1, 50, "The number of draws")),
        )

    def applied(self, study: Study, policies: tuple[str, ...]) -> Study:
        """The study with these numbers. Raises Refused with the sentence."""
        base = Sliders.of(study)
        plans = {name: replace(plan, tickets=plan.tickets * self.asked / 100) for name, plan in study.plans.items()}
        if self.best != base.best and len(plans) > 1:
            plans = _shared(plans, self.best / 100)
        stretch = self.promise / base.promise
        needs = study.needs
        if stretch != 1:
            needs = {name: _promised(need, stretch) for name, need in study.needs.items()}
        found = study.with_values(
            team=replace(study.team, agents=self.agents), plans=plans, needs=needs, policies=policies,
            replications=self.draws,
        )  # fmt: skip
        most = tickets_expected(found) * self.draws * len(policies)
        if most > MOST_PLAYED:
            raise Refused(
                f"That is {most:,.0f} tickets to play, more than a page does at once ({MOST_PLAYED:,}). Ask for fewer draws or "
                "policies, or play the file with evenhand lab compare."
            )
        return found


def usual(study: Study) -> str:
    """The need that most tickets have."""
    return max(study.needs, key=lambda name: study.needs[name].share)


def number(given: Mapping[str, str], name: str, otherwise: float, least: float, most: float, what: str) -> float:
    text = given.get(name, "").strip().replace(",", ".")
    try:
        found = float(text) if text else otherwise
    except ValueError:
        raise Refused(f"{what} must be a number, not “{text[:20]}”.") from None
    if not least <= found <= most:
        raise Refused(f"{what} must lie between {least:g} and {most:,g}, not at {found:g}.")
    return found


def _best(study: Study) -> float:
    customers = [plan.customers for plan in study.plans.values()]
    return round(100 * customers[-1] / sum(customers), 1)


def _shared(plans: dict[str, Plan], share: float) -> dict[str, Plan]:
    """As many customers as before, `share` of them on the best-paying plan, the others in their proportions."""
    *others, best = plans
    everyone = sum(plan.customers for plan in plans.values())
    rest = sum(plans[name].customers for name in others)
    top = everyone if rest == 0 else round(everyone * share)
    factor = (everyone - top) / rest if rest else 0.0
    sums = [round(factor * so_far) for so_far in accumulate(plans[name].customers for name in others)]
    found = {
        name: replace(plans[name], customers=now - before)
        for name, now, before in zip(others, sums, [0, *sums], strict=False)
    }
    return found | {best: replace(plans[best], customers=top)}


def _promised(need: Need, stretch: float) -> Need:
    return replace(need, promise=round(need.promise * stretch, 4))
