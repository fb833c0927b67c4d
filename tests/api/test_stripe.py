"""Stripe's events: believed when signed, in any order, twice, and of customers nobody knows yet."""

import hmac
import itertools
import json
import logging
import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid5

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.api.stripe.event import NAMES
from evenhand.api.stripe.signature import signed
from evenhand.conversations import belonging
from evenhand.ledger.facts import as_of, nobodys
from evenhand.people.models import Account, Person

pytestmark = pytest.mark.django_db(transaction=True)
SECRET, OLD = "whsec_" + "n" * 32, "whsec_" + "o" * 32
T0 = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
DAY = date(2026, 3, 31)
_names = itertools.count(1)  # the ledger is append-only, and the tests of one run share it


@pytest.fixture(autouse=True)
def open_hook(settings):
    settings.EVENHAND_STRIPE_SECRET = [SECRET, OLD]


@pytest.fixture
def cus():
    return f"cus_{next(_names)}"


def header(body, *, secret=SECRET, at=None, scheme="v1"):
    at = int(at or time.time())
    return f"t={at},{scheme}={hmac.new(secret.encode(), f'{at}.'.encode() + body, sha256).hexdigest()}"


def post(body, signature=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = header(body) if signature is None else signature
    return Client().post("/api/hooks/stripe", body, "application/json", headers={"Stripe-Signature": given})


def event(kind, about, at=T0):
    return {"id": "evt_1", "object": "event", "type": kind, "created": at, "data": {"object": about}}


def subscribed(cus, what="updated", *, at=T0, plan="gold", cents=9900, quantity=3, sub="sub", **more):
    price = {
        "id": "price_1", "nickname": plan, "currency": "eur", "unit_amount": cents,
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
    }  # fmt: skip
    about = {
        "id": f"{sub}_{cus}", "object": "subscription", "customer": cus, "status": "active",
        "items": {"data": [{"price": price, "quantity": quantity}]}, **more,
    }  # fmt: skip
    return event(f"customer.subscription.{what}", about, at)


def customer(cus, email, what="created", *, at=T0, **more):
    return event(f"customer.{what}", {"id": cus, "object": "customer", "email": email, **more}, at)


@pytest.fixture
def known(as_audit):
    """What the audit knows of an account on a day: (plan, spend, seats)."""

    def of(account, day=DAY):
        as_audit.rollback()
        found = as_of(as_audit, [(account.ledger_key, day)]).get((account.ledger_key, day))
        return found and (found.plan, found.monthly_spend, found.seats)

    return of


def test_a_subscription_becomes_a_fact(cus, known):
    assert [post(each).json() for each in (customer(cus, "Ada@X.example"), subscribed(cus, "created"))] == [
        {"received": True}
    ] * 2
    assert known(Person.at("ada@x.example").account) == ("gold", 297.0, 3)


def test_events_in_any_order_and_twice_come_to_the_same(known):
    def history(cus):
        return [
            customer(cus, f"{cus}@x.example"),
            subscribed(cus, "created", at=T0 + 5, status="incomplete"),
            subscribed(cus, "updated", at=T0 + 5),  # in the same second, as Stripe does
            subscribed(cus, "updated", at=T0 + 90, plan="lead", cents=900),
            subscribed(cus, "created", at=T0 + 7, plan="addon", cents=100, quantity=1, sub="other"),
            subscribed(cus, "deleted", at=T0 + 95, plan="addon", sub="other"),
        ]

    for order in itertools.islice(itertools.permutations(range(6)), 0, 720, 53):
        cus = f"cus_{next(_names)}"
        events = history(cus)
        for k in (*order, *order[:3]):
            assert post(events[k]).status_code == 200
        assert known(Person.at(f"{cus}@x.example").account) == ("lead", 27.0, 3), order


def test_several_subscriptions_are_one_customer(cus, known):
    for each in (customer(cus, "ada@x.example"), subscribed(cus), subscribed(cus, plan="addon", cents=100, sub="b")):
        post(each)
    ada = Person.at("ada@x.example").account
    assert known(ada) == ("addon + gold", 300.0, 6)
    post(subscribed(cus, "deleted", at=T0 + 86400, plan="addon", sub="b"))
    assert known(ada) == ("gold", 297.0, 3)
    post(subscribed(cus, "updated", at=T0 + 86400 * 2, status="canceled"))
    assert known(ada) == ("no subscription", 0.0, 0)
    assert known(ada, date(2026, 3, 1)) == ("addon + gold", 300.0, 6), "as it was on the first day"


def test_whoever_cannot_be_told_is_kept_and_said(cus, known, as_audit, caplog):
    before = nobodys(as_audit)
    with caplog.at_level(logging.WARNING):
        assert post(subscribed(cus)).status_code == 200
        assert post(customer(cus, None)).status_code == 200
    assert f"'{cus}' has no address" in caplog.text
    as_audit.rollback()
    assert nobodys(as_audit) == before + 1
    post(customer(cus, "late@x.example", "updated", at=T0 + 9999))
    assert known(Person.at("late@x.example").account) == ("gold", 297.0, 3)
    assert nobodys(as_audit) == before


def test_metadata_says_whose_it_is(known):
    cus = f"cus_{next(_names)}"
    company = Account.objects.create(name="X Ltd")
    post(subscribed(cus, metadata={"evenhand_organisation": "x ltd"}))
    assert known(company) == ("gold", 297.0, 3)
    cus = f"cus_{next(_names)}"
    post(customer(cus, "billing@elsewhere.example", metadata={"evenhand_customer": "bo@x.example"}))
    post(subscribed(cus, plan="lead"))
    assert known(Person.at("bo@x.example").account) == ("lead", 297.0, 3)
    assert not Person.objects.filter(addresses__email="billing@elsewhere.example").exists()


def later(days):
    return T0 + 86400 * days


def day(days):
    return date(2026, 3, 1) + timedelta(days=days)


def test_a_changed_address_leaves_what_is_over_where_it_was(cus, known):
    old, new = f"old.{cus}@x.example", f"new.{cus}@y.example"
    post(customer(cus, old))
    post(subscribed(cus))
    post(subscribed(cus, at=later(20), plan="lead", cents=900))
    moved = customer(cus, new, "updated", at=later(10))
    for each in (moved, customer(cus, old), moved):  # the first one, once more and late
        post(each)
    one, other = (Person.at(each).account for each in (old, new))
    gold, lead = ("gold", 297.0, 3), ("lead", 27.0, 3)
    assert [known(one, day(n)) for n in (-5, 0, 9, 10, 11, 25)] == [gold, gold, gold, gold, None, None]
    # Nothing else is known of the new account's first days, as of a customer whose first invoice comes late.
    assert [known(other, day(n)) for n in (-5, 0, 9, 10, 11, 25)] == [gold, gold, gold, gold, gold, lead]


def test_of_one_day_the_later_address_is_a_correction(cus, known):
    post(customer(cus, f"wrong.{cus}@x.example"))
    post(subscribed(cus))
    post(customer(cus, f"right.{cus}@x.example", "updated", at=T0 + 60))
    post(customer(cus, f"wrong.{cus}@x.example"))
    assert known(Person.at(f"right.{cus}@x.example").account) == ("gold", 297.0, 3)
    assert known(Person.at(f"wrong.{cus}@x.example").account, day(0)) is None


def test_billing_takes_back_whom_it_named(cus, known):
    wrong, right = f"wrong.{cus}@x.example", f"right.{cus}@x.example"
    post(customer(cus, wrong))
    post(subscribed(cus))
    post(customer(cus, right, "updated", at=later(10), metadata={"evenhand_since": "2026-03-01"}))
    assert [known(Person.at(wrong).account, day(n)) for n in (-1, 0, 9, 10, 11)] == [None] * 5
    assert [known(Person.at(right).account, day(n)) for n in (-1, 0, 9, 10, 11)] == [("gold", 297.0, 3)] * 5


@pytest.mark.parametrize("since", ["1 March", "2026-03-12", 20260301, ["2026-03-01"]])
def test_a_day_that_is_none_is_said_and_the_event_counts_from_its_own(cus, known, caplog, since):
    post(customer(cus, f"old.{cus}@x.example"))
    post(subscribed(cus))
    with caplog.at_level(logging.WARNING):
        post(customer(cus, f"new.{cus}@x.example", "updated", at=later(10), metadata={"evenhand_since": since}))
    assert "evenhand_since is no day" in caplog.text
    old = Person.at(f"old.{cus}@x.example").account
    assert [known(old, day(n)) for n in (9, 11)] == [("gold", 297.0, 3), None]


def test_an_address_that_comes_late_has_what_was_said_before(cus, known):
    post(subscribed(cus))
    post(customer(cus, f"late.{cus}@x.example", "updated", at=later(10)))
    late = Person.at(f"late.{cus}@x.example").account
    assert [known(late, day(n)) for n in (0, 9, 11)] == [("gold", 297.0, 3)] * 3


def test_somebody_brought_into_an_organisation_that_pays_itself(cus, known):
    """Its own plan is what it had; theirs is added from the day on which billing says so."""
    one, firm = Person.at(f"one.{cus}@firm.example"), Account.objects.create(name=f"Firm {cus}")
    alone, paying = one.account, f"{cus}_firm"
    post(subscribed(paying, plan="firm", cents=50000, quantity=1, metadata={"evenhand_organisation": firm.name}))
    post(customer(cus, one.email))
    post(subscribed(cus, plan="single", cents=900, quantity=1))
    belonging.join(one, firm)
    assert known(firm, day(11)) == ("firm", 500.0, 1)
    post(customer(cus, one.email, "updated", at=later(10)))
    assert [known(firm, day(n)) for n in (0, 9, 11)] == [("firm", 500.0, 1)] * 2 + [("firm + single", 509.0, 2)]
    assert [known(alone, day(n)) for n in (0, 9, 11)] == [("single", 9.0, 1)] * 2 + [None]


def test_somebody_who_goes_to_another_firm_takes_nothing_along_that_is_over(cus, known):
    """Billing knows the first firm by their address, until it is told better."""
    one = Person.at(f"one.{cus}@firm.example")
    first, second = (Account.objects.create(name=f"{name} {cus}") for name in ("First", "Second"))
    belonging.join(one, first)
    post(customer(cus, one.email))
    post(subscribed(cus, plan="firm"))
    belonging.join(one, second)
    post(customer(cus, one.email, "updated", at=later(10)))
    firm = ("firm", 297.0, 3)
    assert [known(first, day(n)) for n in (9, 11)] == [firm, None]
    assert [known(second, day(n)) for n in (9, 11)] == [firm, firm]
    back = {"evenhand_organisation": first.name, "evenhand_since": "2026-03-01"}
    post(customer(cus, one.email, "updated", at=later(12), metadata=back))
    assert [known(first, day(n)) for n in (9, 11, 13)] == [firm] * 3
    assert [known(second, day(n)) for n in (9, 11, 13)] == [None] * 3


def test_what_was_known_of_somebody_alone_is_not_the_organisations_until_billing_says_so(cus, known):
    """Theirs may be one seat, or the firm's whole plan: nobody but billing can tell."""
    post(customer(cus, f"one.{cus}@firm.example"))
    post(subscribed(cus, plan="single", cents=900, quantity=1))
    one, firm = Person.at(f"one.{cus}@firm.example"), Account.objects.create(name=f"Firm {cus}")
    alone = one.account
    belonging.join(one, firm)
    assert (known(alone), known(firm)) == (("single", 9.0, 1), None)
    post(customer(cus, one.email, "updated", at=later(10)))
    assert (known(alone), known(firm)) == (None, ("single", 9.0, 1))
    assert known(alone, day(9)) == ("single", 9.0, 1), "what is over is judged by what they paid alone"
    assert known(firm, day(9)) == ("single", 9.0, 1), "what went along open, too"


@pytest.mark.parametrize(
    "kind", ["invoice.paid", "customer.deleted", "customer.subscription.trial_will_end", "x" * 500]
)
def test_other_kinds_are_left_alone(cus, kind, as_audit):
    assert post(event(kind, {"id": "x", "object": "invoice", "customer": cus})).json() == {"received": True}
    row = as_audit.execute("SELECT count(*) FROM ledger.fact WHERE key = %s", [uuid5(NAMES, cus)]).fetchone()
    assert row == (0,)


# --- who is believed ----------------------------------------------------------------------------------------------

BODY, NOW = json.dumps({"type": "x"}).encode(), T0 + 0.5


@pytest.mark.parametrize(
    ("signature", "believed"),
    [
        (header(BODY, at=T0), True),
        (header(BODY, secret=OLD, at=T0), True),
        (header(BODY, secret="whsec_" + "x" * 32, at=T0) + "," + header(BODY, at=T0).partition(",")[2], True),
        (header(BODY, secret="whsec_" + "x" * 32, at=T0), False),
        (header(BODY, scheme="v0", at=T0), False),
        (header(BODY + b" ", at=T0), False),
        (header(BODY, at=T0 - 400), False),
        (header(BODY, at=T0 + 400), False),
        (header(BODY, at=T0 - 200), True),
        ("", False),
        ("t=1", False),
        ("t=,v1=", False),
        ("t=" + "9" * 400 + ",v1=0", False),
        ("t=١,v1=0", False),
        ("v1=" + "0" * 64, False),
        ("t=1," * 1000, False),
        ("t=1,v1=\udcff", False),
    ],
)
def test_only_what_stripe_signed_lately_is_believed(signature, believed):
    assert signed(signature, BODY, [SECRET, OLD], NOW) is believed


def test_the_unsigned_are_refused_and_nothing_is_taken(cus, as_audit):
    body = json.dumps(subscribed(cus)).encode()
    for signature in ("", header(body, secret="whsec_" + "x" * 32), header(body, at=time.time() - 400)):
        assert post(body, signature).status_code == 401
    assert Client().get("/api/hooks/stripe").status_code == 405
    row = as_audit.execute("SELECT count(*) FROM ledger.fact WHERE key = %s", [uuid5(NAMES, cus)]).fetchone()
    assert row == (0,)


def test_without_a_secret_there_is_no_door(settings):
    settings.EVENHAND_STRIPE_SECRET = []
    assert post(subscribed("cus_x")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"{}", b"\xff", b'{"type": "x"}',
        b'{"type": "customer.created", "created": 1e9, "data": {"object": {}}}',
        b'{"type": "customer.created", "created": 99999999999999, "data": {"object": {}}}',
        b'{"type": "customer.subscription.updated", "created": 1772323200, "data": {"object": {"id": "s"}}}',
        b'{"type": "customer.subscription.updated", "created": 1772323200, "data": {"object": {"customer": "c"}}}',
    ],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_said_so(body):
    assert post(body).status_code == 400


def test_an_event_too_large_is_refused_before_it_is_read():
    assert post(b" " * (512 * 1024 + 1), "t=1,v1=x").status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "price", "data", "x"]), inner),
    max_leaves=8,
)
FIELDS = ("customer", "status", "items", "metadata", "email", "object", "id")


@given(
    st.dictionaries(st.sampled_from(FIELDS), JSON),
    st.sampled_from(["customer.updated", "customer.subscription.updated"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_signed_event_breaks_the_door(about, kind):
    base = {"id": "sub_1", "customer": "cus_any", "status": "active"}
    assert post(event(kind, {**base, **about})).status_code in (200, 400)


def test_both_doors_answer_alike_whatever_is_known(cus):
    answers = [post(subscribed(cus)) for _ in range(2)]
    post(customer(cus, "ada@x.example"))
    answers += [post(subscribed(cus)), post(subscribed(cus, at=T0 + 1)), post(event("invoice.paid", {"id": "x"}))]
    assert len({(each.status_code, each.content) for each in answers}) == 1
