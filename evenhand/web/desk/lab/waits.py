"""What the lab found, as much of it as a page draws: who waits how long under each policy, on one scale."""

from __future__ import annotations

from typing import Any, NamedTuple

FIGURES = (
    "tickets", "reply_staffed_mean", "reply_staffed_median", "reply_staffed_p90", "kept", "denied", "suppressed",
    "abandoned",
)  # fmt: skip


class Wait(NamedTuple):
    """One plan's customers under one policy; hours of staffed time until the first reply, None where nobody was answered."""

    group: str
    tickets: float
    mean: float | None
    median: float | None
    p90: float | None
    kept: float
    refused: float  # share that was denied, or kept its need to itself
    left: float

    @property
    def words(self) -> str:
        if self.mean is None:
            return "nobody is answered"
        return f"{hours(self.mean)} in the mean, nine in ten within {hours(self.p90)}"

    @classmethod
    def of(cls, group: str, row: dict[str, Any]) -> Wait:
        mean, median, p90 = (row.get(f"reply_staffed_{part}") for part in ("mean", "median", "p90"))
        refused = (row.get("denied") or 0.0) + (row.get("suppressed") or 0.0)
        return cls(
            group, row["tickets"], mean, median, p90, row.get("kept") or 0.0, refused, row.get("abandoned") or 0.0
        )


class Scheme(NamedTuple):
    name: str
    title: str
    says: str
    sells: bool
    waits: list[Wait]
    everyone: Wait


def kept(found: dict[str, Any]) -> dict[str, Any]:
    """The part of the lab's answer that is drawn, and saved."""
    policies = {
        name: {key: row[key] for key in ("title", "says", "sells_tiers")}
        | {"all": _figures(row["all"]), "plans": {plan: _figures(of) for plan, of in row["plans"].items()}}
        for name, row in found["policies"].items()
    }
    return {"load": found["load"], "policies": policies} | {
        key: found[key] for key in ("unstable", "equality") if key in found
    }


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in FIGURES if name in row}


def schemes(result: dict[str, Any]) -> list[Scheme]:
    """In the order they were asked for; plans nobody is on are left out."""
    return [
        Scheme(
            name, row["title"], row["says"], row["sells_tiers"],
            [Wait.of(plan, of) for plan, of in row["plans"].items() if of.get("tickets")], Wait.of("everyone", row["all"]),
        )
        for name, row in result["policies"].items()
    ]  # fmt: skip


def longest(*results: dict[str, Any]) -> float:
    """The end of the scale, in hours: what nine in ten wait at most, anywhere in what is drawn."""
    waits = [wait for result in results for scheme in schemes(result) for wait in scheme.waits]
    return max((value for wait in waits for value in (wait.mean, wait.p90) if value), default=1.0)


def hours(value: float | None) -> str:
    """Staffed time in words: minutes below an hour."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 60:.0f} min"
    return f"{value:.1f} h" if value < 99.95 else f"{value:,.0f} h"


def answer(result: dict[str, Any]) -> str:
    """What follows, in a sentence or three."""
    found = schemes(result)
    same = next((scheme for scheme in found if scheme.name == "flat"), None)
    sold = next((scheme for scheme in found if scheme.sells and scheme.waits), None)
    if not same or not sold:
        return " ".join(f"“{scheme.title}”: customers wait {hours(scheme.everyone.mean)}." for scheme in found)
    best, least = sold.waits[-1], sold.waits[0]
    said = f"With the same support for everyone, a customer waits {hours(same.everyone.mean)} of staffed time for a first reply. "
    if best is least:
        return said + f"Under “{sold.title}” it is {hours(best.mean)}."
    said += f"Under “{sold.title}” it is {hours(best.mean)} on {best.group} and {hours(least.mean)} on {least.group}."
    if sold.everyone.refused >= 0.0005:
        said += f" {sold.everyone.refused:.1%} of what is asked there is refused or never said."
    return said + price(result.get("equality"), best.group)


def price(equality: dict[str, Any] | None, best: str) -> str:
    """What it takes for the best-paying plan to wait no longer than before, like everybody."""
    if not equality:
        return ""
    more = round(equality["extra_agents"])
    if not more and not equality["revenue_lost"]:
        return f" The same agents are enough for {best} to wait no longer than under the tiers."
    said = f" For everyone to be served as soon as {best} is there takes {more} more agent{'s' * (more != 1)}"
    if equality["break_even"] is None:
        return said + "."
    return (
        said
        + f", which pays once {100 * equality['break_even']:.2f} points fewer of the paying customers leave a month."
    )
