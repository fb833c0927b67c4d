"""What a study is made of: plans, needs, the team, money, and a vendor's own ways of selling support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evenhand.fairness.turns import KEPT_FOR_THEIR_AGENT


@dataclass(frozen=True)
class Plan:
    """What customers of one plan are and do."""

    customers: int = 100
    tickets: float = 0.5  # a customer a month
    monthly: float = 50.0  # money a customer a month
    seats: float = 1.0
    churn: float = 0.02  # a month


@dataclass(frozen=True)
class Need:
    """A level of need, and the one promise for it, the same on every plan."""

    share: float = 1.0
    promise: float = 8.0  # staffed hours until the first reply
    effort: float = 0.5  # hours of work a turn
    scv: float = 1.0
    patience: float = float("inf")  # mean hours until somebody who waits gives up


@dataclass(frozen=True)
class Group:
    """Agents who can do some things only, or work other hours. Left out, `needs` are all and `hours` are the team's."""

    agents: int = 1
    needs: tuple[str, ...] = ()
    hours: str = ""
    at_once: int = 0


@dataclass(frozen=True)
class Team:
    """Who answers: `agents` who can do everything, and the groups besides. Holidays need the day the study `begins` on."""

    agents: int = 8
    hours: str = "Mon-Fri 9-17"
    at_once: int = 0
    kept: float = (
        KEPT_FOR_THEIR_AGENT  # share of the promise for which a follow-up waits for the agent who knows the story
    )
    begins: str = ""
    zone: str = "UTC"
    holidays: tuple[str, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Everybody, the groups included."""
        return self.agents + sum(group.agents for group in self.groups.values())


@dataclass(frozen=True)
class Money:
    """All in one currency. The betas are what a customer's last ninety days do to churn: 0 until fitted on your own data
    or set openly."""

    agent_cost: float = 6000.0  # a month
    ticket_cost: float = 0.0
    margin: float = 0.8  # of what customers pay
    support_fee: float = 0.0  # share of the monthly payment that buys the tier, lost when nobody is ahead
    win_cost: float = 0.0  # to win one customer
    discount: float = 0.008  # a month: by how much less money is worth a month later
    beta: float = 0.0  # of the share of promises broken
    beta_range: tuple[float, ...] = ()  # the ends of its interval, as fitted
    beta_wait: float = 0.0  # of log(1 + hours of the restricted mean wait)
    beta_reopened: float = 0.0  # of the share of tickets that came back
    beta_denied: float = 0.0  # of the share of need that was denied or suppressed


@dataclass(frozen=True)
class Scheme:
    """A vendor's own way of selling support. Tables name plans; a plan that is not named has no limit, weight 1, and the
    promise of its need."""

    title: str = ""
    order: str = "first_come"  # a policy by name
    promises: Mapping[str, float] = field(default_factory=dict)  # hours to the first reply; due soonest goes first
    weights: Mapping[str, float] = field(default_factory=dict)  # plans take turns in proportion
    a_month: Mapping[str, float] = field(default_factory=dict)  # tickets a customer
    for_each_seat: bool = False  # whether `a_month` grows with the seats
    a_project: float = 0.0  # tickets a project, ever; 0 is no limit
    incidents: Mapping[str, float] = field(default_factory=dict)  # tickets a customer, ever
    hours_a_month: Mapping[str, float] = field(default_factory=dict)  # of work, prepaid
    days: float = 0.0  # from purchase; 0 is no limit
    renewed: float = 0.0  # share of customers who buy the same once more
    fair_use: float = 0.0  # stopped at so many times the average; 0 is no limit
    price: float = 0.0  # a ticket
    elasticity: float = 0.0  # demand becomes e^(-elasticity x price) of what it was
    own_team: float = 0.0  # share of the agents who serve the best-paying plan and nobody else
    sells_tiers: bool = True  # whether customers pay for it
