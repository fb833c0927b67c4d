"""What a comparison says, in sentences a founder can read."""

from __future__ import annotations

from typing import Any


def _hours(value: float) -> str:
    return f"{value * 60:.0f} minutes" if value < 1 else f"{value:.1f} hours"


def _wait(row: dict[str, Any]) -> float:
    return float(row.get("reply_mean") or float("nan"))


def _conserved(first_come: dict[str, Any] | None, tiers: dict[str, Any]) -> list[str]:
    """That tiers only move the waiting about, where this very comparison shows it."""
    if first_come is None or abs(_wait(tiers["all"]) / _wait(first_come["all"]) - 1) > 0.05:
        return []
    return [
        f"Over everybody that is {_hours(_wait(tiers['all']))}, beside {_hours(_wait(first_come['all']))} first come, first "
        "served: an order by plan decides who waits, not how much is waited."
    ]


def answer_of_replay(found: dict[str, Any]) -> list[str]:
    """As `answer`, beside what was recorded."""
    was = found["recorded"]
    plans = {plan: mean for plan, mean in was["plans"].items() if mean is not None}
    spread = ""
    if len(plans) > 1:
        spread = f", from {_hours(min(plans.values()))} on {min(plans, key=lambda p: plans[p])} to "
        spread += f"{_hours(max(plans.values()))} on {max(plans, key=lambda p: plans[p])}"
    return [f"As recorded, a first reply took {_hours(was['reply_mean'])} on average{spread}.", *answer(found)]


def answer(found: dict[str, Any]) -> list[str]:
    """The answer first: what tiers would change, for whom, beside the same for everyone."""
    policies = found["policies"]
    base = policies.get("flat") or next(iter(policies.values()))
    plans = [plan for plan, row in base["plans"].items() if row.get("tickets")]
    low, high = plans[0], plans[-1]
    said = [
        f"When everyone gets the same, a first reply takes {_hours(_wait(base['all']))} on average: "
        f"{_hours(_wait(base['plans'][high]))} on {high}, {_hours(_wait(base['plans'][low]))} on {low}."
    ]
    tiered = {name: row for name, row in policies.items() if row["sells_tiers"] and row is not base}
    if tiered:
        name = "strict_tiers" if "strict_tiers" in tiered else next(iter(tiered))
        row = tiered[name]
        said.append(
            f"Under “{row['title'].lower()}” it is {_hours(_wait(row['plans'][high]))} on {high} and "
            f"{_hours(_wait(row['plans'][low]))} on {low}."
        )
        said += _conserved(policies.get("first_come"), row)
    turned = {row["title"]: row["all"]["denied"] + row["all"]["suppressed"] for row in policies.values()}
    worst = max(turned, key=lambda title: turned[title])
    if turned[worst] > 0.001:
        said.append(f"“{worst}” leaves {turned[worst]:.0%} of the need unasked or refused, which no wait shows.")
    return said
