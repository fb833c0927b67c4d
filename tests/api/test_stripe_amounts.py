"""What a subscription of Stripe's says: the plan, and what it costs in a month."""

import json
from decimal import Decimal

import pytest

from evenhand.api.stripe.event import Event
from evenhand.api.stripe.subscription import fact_of


def read(about, currency=""):
    said = {"type": "customer.subscription.updated", "created": 1772323200, "data": {"object": about}}
    made = Event.read(json.dumps({"id": "evt_1", "object": "event", **said}).encode())
    return fact_of(made, made.key, currency)


def about(status="active", **price):
    price = {"id": "p", "currency": "usd", "recurring": {"interval": "month", "interval_count": 1}, **price}
    return {"id": "sub_1", "customer": "cus_x", "status": status, "items": {"data": [{"price": price, "quantity": 2}]}}


@pytest.mark.parametrize(
    ("price", "spend"),
    [
        ({"unit_amount": 1000}, "20.00"),
        ({"unit_amount": 12000, "recurring": {"interval": "year", "interval_count": 1}}, "20.00"),
        ({"unit_amount": 3000, "recurring": {"interval": "month", "interval_count": 3}}, "20.00"),
        ({"unit_amount": 700, "recurring": {"interval": "week", "interval_count": 1}}, "60.83"),
        ({"unit_amount": 100, "recurring": {"interval": "day", "interval_count": 1}}, "60.83"),
        ({"unit_amount": 1000, "currency": "jpy"}, "2000.00"),
        ({"unit_amount": 1000, "currency": "kwd"}, "2.00"),
        ({"unit_amount": None, "unit_amount_decimal": "0.5"}, "0.01"),
        ({"unit_amount": None}, None),  # in tiers
        ({"unit_amount": 10, "recurring": {"interval": "month", "usage_type": "metered"}}, None),
        ({"unit_amount": 10, "recurring": {"interval": "fortnight"}}, None),
        ({"unit_amount": 10**30}, None),
        ({"unit_amount": "NaN"}, None),
    ],
)
def test_what_it_costs_in_a_month(price, spend):
    assert read(about(**price)).monthly_spend == (spend and Decimal(spend))


def test_another_currency_is_no_number_of_ours():
    assert read(about(unit_amount=1000), currency="EUR").monthly_spend is None
    assert read(about(unit_amount=1000), currency="USD").monthly_spend == 20


def test_a_trial_costs_nothing_and_is_the_plan_all_the_same():
    found = read(about("trialing", unit_amount=1000, nickname="gold"))
    assert (found.plan, found.monthly_spend) == ("gold", 0)


@pytest.mark.parametrize("status", ["canceled", "unpaid", "incomplete", "incomplete_expired", "paused", None, 3])
def test_what_is_not_live_is_no_plan(status):
    assert read(about(status, unit_amount=1000)).plan == "no subscription"


@pytest.mark.parametrize(
    ("price", "name"),
    [
        ({"nickname": "Gold\n plan"}, "Gold plan"),
        ({"nickname": None, "lookup_key": "gold"}, "gold"),
        ({"product": "prod_1"}, "prod_1"),
        ({"product": {"id": "prod_1", "name": "Gold"}}, "Gold"),
        ({}, "p"),
        ({"nickname": "g" * 500}, "g" * 200),
    ],
)
def test_what_the_plan_is_called(price, name):
    assert read(about(**price)).plan == name
