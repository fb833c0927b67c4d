"""A subscription as a fact: the plan's name, what it costs in a month, the seats."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from uuid import UUID

from evenhand.ledger.slot import NO_PLAN, Fact

from .event import Event

LIVE = ("active", "trialing", "past_due")  # the others have not begun, have stopped, or are not paid for
NO_CENTS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)
MILS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
MONTHS = {"day": Decimal(12) / 365, "week": Decimal(12) * 7 / 365, "month": Decimal(1), "year": Decimal(12)}
MOST = Decimal(10) ** 12
MOST_SEATS = 10**9
Object = dict[str, Any]


def fact_of(event: Event, key: UUID, currency: str) -> Fact:
    """What a subscription event says. Where amounts are in another currency than `currency` (any, where it is empty),
    or depend on use, what is spent stays unknown. Raises ValueError for what is no subscription."""
    about = event.about
    name = about.get("id")
    if not isinstance(name, str) or not name:
        raise ValueError("the subscription has no name")
    fact = partial(Fact, key, event.said_at.date(), source="stripe", part=f"stripe/{name[:200]}", said_at=event.said_at)
    if event.kind.endswith(".deleted") or about.get("status") not in LIVE:
        return fact(plan=NO_PLAN, monthly_spend=Decimal(0), seats=0)
    items = list(_items(about))
    plan = " + ".join(sorted({_plan(each) for each in items}))[:200]
    return fact(plan=plan, monthly_spend=_spend(items, about, currency), seats=_seats(items))


def _items(about: Object) -> Iterator[Object]:
    listed = about.get("items")
    items = listed.get("data") if isinstance(listed, dict) else None
    for each in items if isinstance(items, list) else []:
        if isinstance(each, dict) and isinstance(each.get("price") or each.get("plan"), dict):
            yield each


def _plan(item: Object) -> str:
    """The price's own name, else its product's, as they are set in Stripe."""
    price = item.get("price") or item["plan"]
    product = price.get("product")
    called = product.get("name") or product.get("id") if isinstance(product, dict) else product
    names = (price.get("nickname"), price.get("lookup_key"), called, price.get("id"))
    name = next((each for each in names if isinstance(each, str) and each.strip()), "unnamed")
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _seats(items: list[Object]) -> int | None:
    counts = [each["quantity"] for each in items if type(each.get("quantity")) is int]
    return min(max(0, sum(counts)), MOST_SEATS) if counts else None


def _spend(items: list[Object], about: Object, currency: str) -> Decimal | None:
    if about.get("status") == "trialing":
        return Decimal(0)
    amounts = [_monthly(each, currency) for each in items]
    if not amounts or None in amounts:
        return None
    total = sum(each for each in amounts if each is not None)
    return round(Decimal(total), 2) if 0 <= total < MOST else None


def _monthly(item: Object, currency: str) -> Decimal | None:
    price = item.get("price") or item["plan"]
    recurring = price.get("recurring") or price
    unit = price.get("currency")
    every, count = recurring.get("interval"), recurring.get("interval_count", 1)
    if not isinstance(unit, str) or every not in MONTHS or type(count) is not int or count < 1:
        return None
    if (currency and unit.upper() != currency) or recurring.get("usage_type") == "metered":
        return None
    amount = _amount(price)
    quantity = item.get("quantity", 1)
    if amount is None or type(quantity) is not int:
        return None
    places = 0 if unit.upper() in NO_CENTS else 3 if unit.upper() in MILS else 2
    return amount.scaleb(-places) * quantity / (MONTHS[every] * count)


def _amount(price: Object) -> Decimal | None:
    """In the currency's smallest unit; None where it comes in tiers."""
    given = price.get("unit_amount_decimal") or price.get("unit_amount", price.get("amount"))
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < MOST else None
