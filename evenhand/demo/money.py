"""What the demo's customers pay, put into the ledger through the slot, and never looked at again.

Plans are dealt out without regard to anything above: a fair desk's demo has customers of every plan in every list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from evenhand.ledger.slot import Fact, put
from evenhand.people.models import Account

from .cast import TWINS
from .crowd import Crowd

# plan: (share, seats from, to, monthly price of a seat)
PLANS = {"Starter": (50, 1, 6, Decimal(0)), "Team": (33, 3, 40, Decimal(9)), "Scale": (17, 20, 400, Decimal(21))}
TWIN_PLANS = ("Starter", "Scale")  # the one thing in which they differ


def fill(random: Random, crowd: Crowd, until: datetime) -> None:
    """Two facts for each account, a month and a half apart; some have changed their plan in between."""
    twins = {id(crowd.named[twin.email].account): plan for twin, plan in zip(TWINS, TWIN_PLANS, strict=True)}
    for account in crowd.accounts:
        plan = twins.get(id(account)) or _dealt(random)
        later = plan if id(account) in twins or random.random() < 0.93 else _dealt(random)
        for moved, when in ((plan, timedelta(days=90)), (later, timedelta(days=45))):
            put(_fact(random, account, moved, until - when))


def _dealt(random: Random) -> str:
    return random.choices(list(PLANS), [share for share, *_ in PLANS.values()])[0]


def _fact(random: Random, account: Account, plan: str, at: datetime) -> Fact:
    _, fewest, most, price = PLANS[plan]
    seats = random.randint(fewest, most) if account.name else 1
    key = UUID(str(account.ledger_key))
    return Fact(key, at.date(), plan, price * seats, seats, Decimal(random.randrange(40, 4000)), "demo")
