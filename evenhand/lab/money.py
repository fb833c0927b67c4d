"""What a way of selling support costs and brings. Neutral by default: nobody is assumed to leave for waiting.

    profit = sum of m_i (1 - h_i) + support revenue - agents - tickets - winning customers
    h_i    = 1 - exp(-h_0 exp(beta . x_i))
    x_i    = share of promises broken, log(1 + hours of the restricted mean wait), share of tickets that came back, share of
             need that was denied or suppressed

All per month; x over the whole stretch, as the mean of any ninety days of it. Every beta is 0 until fitted on a vendor's own
customers (`lab.churn`) or set in the open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .policies import Policy
from .study import Money, Plan, Study

# What a customer went through, and the beta of each.
EXPERIENCE = {"broken": "beta", "wait": "beta_wait", "reopened": "beta_reopened", "denied": "beta_denied"}
Experience = Mapping[str, float]


def churn(base: float, pull: float) -> float:
    """Monthly chance of leaving, from the base chance and the sum of each beta times what was gone through."""
    hazard = -math.log1p(-base) if base < 1 else math.inf
    return 1 - math.exp(-hazard * math.exp(pull))


def pull(money: Money, gone_through: Experience) -> float:
    """beta . x; 0 while nothing was fitted."""
    return sum(getattr(money, beta) * gone_through.get(name, 0.0) for name, beta in EXPERIENCE.items())


def value(monthly: float, discount: float, hazard: float) -> float:
    """What a customer is worth: m (1 + r) / (r + h), r the monthly rate at which money loses value, h churn."""
    return monthly * (1 + discount) / (discount + hazard)


def break_even(customers: float, worth: float, extra_agents: float, agent_cost: float, revenue_lost: float) -> float:
    """The fall in monthly churn that pays for it: (k c + R) / (N V), as a share (0.0037 is 0.37 points)."""
    return (extra_agents * agent_cost + revenue_lost) / (customers * worth) if customers * worth > 0 else math.inf


def saved_customer(worth: float, win_cost: float, replaceable: bool) -> float:
    """A saved customer is worth no more than winning another, where another is to be had."""
    return min(worth, win_cost) if replaceable else worth


def keep_or_win(win_cost: float, support_a_month: float, base: float) -> float | None:
    """The vendor's own ratio of winning a customer to keeping one for as long as customers stay; None without figures."""
    keeping = support_a_month / base if base > 0 else 0.0
    return win_cost / keeping if keeping > 0 and win_cost > 0 else None


def monthly(
    study: Study, gone_through: Mapping[str, Experience], policy: Policy, money: Money | None = None
) -> dict[str, float]:
    """Each line of the month's account, given what the customers of each plan went through."""
    money = money or study.money
    lost = won = paid = tickets = 0.0
    for name, plan in study.plans.items():
        leaving = churn(plan.churn, pull(money, gone_through.get(name, {})))
        paid += plan.customers * plan.monthly * money.margin * (1 - leaving)
        lost += plan.customers * leaving
        won += plan.customers * leaving * money.win_cost
        tickets += plan.customers * plan.tickets
    gross = sum(plan.customers * plan.monthly for plan in study.plans.values())
    support = gross * money.support_fee if policy.sells_tiers else 0.0
    agents, handling = study.team.size * money.agent_cost, tickets * money.ticket_cost
    return {
        "customers_pay": paid,
        "support_revenue": support,
        "agents": -agents,
        "tickets": -handling,
        "winning": -won,
        "customers_lost": lost,
        "profit": paid + support - agents - handling - won,
    }


def experience(row: dict[str, Any]) -> dict[str, float]:
    """x of one plan's customers, from what a policy did to them."""
    if not row.get("tickets"):
        return dict.fromkeys(EXPERIENCE, 0.0)
    out = (row.get("denied") or 0.0) + (row.get("suppressed") or 0.0)
    return {
        "broken": 1 - (row.get("kept") or 0.0) / (1 - out) if out < 1 else 0.0,
        "wait": math.log1p(row.get("restricted_mean") or 0.0),
        "reopened": row.get("reopened") or 0.0,
        "denied": out,
    }


def economics(study: Study, result: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """The month under the policy, what moves it, and what would have to be true for equality to pay. `at_beta` lets the
    share of promises broken alone move churn, each beta in turn."""
    gone_through = {plan: experience(row) for plan, row in result["plans"].items()}
    return {
        "month": monthly(study, gone_through, policy),
        "experience": gone_through,
        "at_beta": {
            str(beta): monthly(study, gone_through, policy, _with(study.money, beta=beta))["profit"] for beta in BETAS
        },
        **_range(study, gone_through, policy),
    }


def _range(study: Study, gone_through: Mapping[str, Experience], policy: Policy) -> dict[str, tuple[float, float]]:
    """The month's profit between the ends of the fitted interval of beta, where one was given."""
    ends = study.money.beta_range
    if len(ends) != 2:
        return {}
    profits = sorted(monthly(study, gone_through, policy, _with(study.money, beta=end))["profit"] for end in ends)
    return {"profit_range": (profits[0], profits[1])}


BETAS = (0.0, 0.1, 0.25, 0.5, 1.0)


def _with(money: Money, **changes: Any) -> Money:
    from dataclasses import replace

    return replace(money, **changes)


def equality(study: Study, extra_agents: float) -> dict[str, Any]:
    """What giving up tiers costs a month, and the fall in churn at which that is nothing. Needs no belief about waiting."""
    paying = {name: plan for name, plan in study.plans.items() if plan.monthly > 0}
    customers = sum(plan.customers for plan in paying.values())
    worth = _mean(paying, lambda plan: value(plan.monthly * study.money.margin, study.money.discount, plan.churn))
    gross = sum(plan.customers * plan.monthly for plan in paying.values())
    lost = gross * study.money.support_fee
    base = _mean(paying, lambda plan: plan.churn)
    support = study.team.size * study.money.agent_cost / max(sum(p.customers for p in study.plans.values()), 1)
    return {
        "paying_customers": customers,
        "customer_value": worth,
        "extra_agents": extra_agents,
        "revenue_lost": lost,
        "churn": base,
        "break_even": break_even(customers, worth, extra_agents, study.money.agent_cost, lost),
        "win_to_keep": keep_or_win(study.money.win_cost, support, base),
    }


def _mean(plans: dict[str, Plan], of: Any) -> float:
    customers = sum(plan.customers for plan in plans.values())
    return sum(plan.customers * of(plan) for plan in plans.values()) / customers if customers else 0.0


def tornado(study: Study, extra_agents: float, swing: float = 0.3) -> list[dict[str, float | str]]:
    """The break-even when each input alone is a share `swing` lower or higher, what matters most first."""
    from dataclasses import replace

    def with_plans(**factors: float) -> Study:
        plans = {
            name: replace(plan, **{key: getattr(plan, key) * factor for key, factor in factors.items()})
            for name, plan in study.plans.items()
        }
        return replace(study, plans=plans)

    def with_money(name: str, factor: float) -> Study:
        return replace(study, money=_with(study.money, **{name: getattr(study.money, name) * factor}))

    rows: list[dict[str, float | str]] = []
    for name in ("agent_cost", "margin", "discount", "support_fee"):
        ends = [equality(with_money(name, 1 + sign * swing), extra_agents)["break_even"] for sign in (-1, 1)]
        rows.append({"input": name, "low": ends[0], "high": ends[1]})
    for name in ("churn", "monthly", "customers"):
        factors = [1 - swing, 1 + swing]
        ends = [equality(with_plans(**{name: factor}), extra_agents)["break_even"] for factor in factors]
        rows.append({"input": name, "low": ends[0], "high": ends[1]})
    ends = [equality(study, extra_agents * (1 + sign * swing))["break_even"] for sign in (-1, 1)]
    rows.append({"input": "extra_agents", "low": ends[0], "high": ends[1]})
    return sorted(rows, key=lambda row: -abs(float(row["high"]) - float(row["low"])))
