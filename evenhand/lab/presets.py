"""Published ways of selling support, by name. Numbers are those vendors have printed; who they are does not matter here."""

from __future__ import annotations

from . import doors, policies
from .policies import Policy
from .refused import Refused


def _all() -> list[Policy]:
    lowest = (2.0, 5.0)
    return [
        Policy(
            "flat",
            "The same for everyone",
            "Customers take turns; one promise by need. The desk's own order.",
            policies.flat,
        ),
        Policy("first_come", "First come, first served", "Whoever asked first, whoever they are.", policies.first_come),
        Policy(
            "shortest_promise",
            "Shortest promise first",
            "What is due soonest; promises by need alone.",
            policies.shortest_promise,
        ),
        Policy(
            "strict_tiers",
            "Strict tiers",
            "The best-paying plan always goes first.",
            policies.strict_tiers,
            sells_tiers=True,
        ),
        Policy(
            "tier_promises",
            "First reply in 72, 48, 24 or 4 hours by plan",
            "Due soonest, the promise bought with the plan.",
            policies.tier_promise((72.0, 48.0, 24.0, 4.0)),
            sells_tiers=True,
        ),
        Policy(
            "severity_by_plan",
            "Severity × plan",
            "Best effort, 4 hours, 1 hour or half an hour by plan, longer for lesser need.",
            policies.severity_by_plan((40.0, 4.0, 1.0, 0.5)),
            sells_tiers=True,
        ),
        Policy(
            "percent_of_spend",
            "Percent of spend",
            "12 hours, 1 hour or 15 minutes, bought with 3 to 10 % of spend.",
            policies.tier_promise((24.0, 12.0, 1.0, 0.25)),
            sells_tiers=True,
        ),
        Policy(
            "weighted_tiers",
            "Weighted tiers",
            "Each plan twice as often as the one below it.",
            policies.weighted_tiers,
            sells_tiers=True,
        ),
        Policy(
            "class_order",
            "Strict order of classes",
            "Enterprise before business before team before free.",
            policies.strict_tiers,
            sells_tiers=True,
        ),
        Policy(
            "per_seat",
            "By seats",
            "Customers take turns in proportion to their seats.",
            policies.per_seat,
            sells_tiers=True,
        ),
        Policy(
            "per_project",
            "By project",
            "Five tickets for each project, ever.",
            policies.first_come,
            denies=(doors.project_allotment(5.0),),
            sells_tiers=True,
        ),
        Policy(
            "per_incident",
            "By the incident",
            "Two incidents on the lowest plan, five on the next; no limit above.",
            policies.first_come,
            denies=(doors.incidents(lowest),),
            sells_tiers=True,
        ),
        Policy(
            "prepaid_hours",
            "Prepaid hours",
            "Half an hour a month on the lowest plan, two on the next; no limit above.",
            policies.first_come,
            denies=(doors.hours_bank((0.5, 2.0)),),
            sells_tiers=True,
        ),
        Policy(
            "time_limited",
            "Six months from purchase",
            "Renewed once by half of the customers.",
            policies.first_come,
            denies=(doors.time_limited(182.5, renewed=0.5),),
            sells_tiers=True,
        ),
        Policy(
            "monthly_allotment",
            "Monthly allotment",
            "One ticket a month on the lowest plan, three on the next; no limit above.",
            policies.first_come,
            denies=(doors.monthly_allotment((1.0, 3.0)),),
            sells_tiers=True,
        ),
        Policy(
            "seat_allotment",
            "Allotment by seats",
            "One ticket a seat a month on the two lowest plans; no limit above.",
            policies.first_come,
            denies=(doors.monthly_allotment((1.0, 1.0), per_seat=True),),
            sells_tiers=True,
        ),
        Policy(
            "fair_use",
            "Quota with a fair-use review",
            "Stopped at ten times the average use.",
            policies.first_come,
            denies=(doors.fair_use(10.0),),
        ),
        Policy(
            "sliding_scale", "Sliding scale by use", "Whoever asked less in the last month goes first.", policies.by_use
        ),
        Policy(
            "pay_by_use",
            "Pay by use",
            "A price a ticket; some do not ask and keep their need.",
            policies.first_come,
            suppresses=(doors.pay_by_use(25.0, 0.02),),
        ),
        Policy(
            "premium_order",
            "Premium add-on: ahead of the line",
            "The best-paying plan goes first; all others first come, first served.",
            policies.best_first,
            sells_tiers=True,
        ),
        Policy(
            "premium_team",
            "A team of its own for the best-paying plan",
            "A quarter of the agents serve it and nobody else.",
            policies.flat,
            own_team=0.25,
            sells_tiers=True,
        ),
    ]


def presets() -> dict[str, Policy]:
    """Every shipped policy by name."""
    return {policy.name: policy for policy in _all()}


def preset(name: str) -> Policy:
    """The policy of that name; refused with the names there are."""
    known = presets()
    if name not in known:
        raise Refused(f"There is no policy “{name}”. There are: {', '.join(known)}.")
    return known[name]
