"""PostgreSQL itself refuses the ledger to the desk."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from evenhand.ledger import facts, slot


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM ledger.fact",
        "SELECT count(*) FROM ledger.fact",
        "INSERT INTO ledger.fact (key, as_of) VALUES (gen_random_uuid(), now())",
        "UPDATE ledger.fact SET plan = 'x'",
        "DELETE FROM ledger.fact",
        "COPY ledger.fact TO STDOUT",
        "SELECT * FROM ledger.alias",
        "INSERT INTO ledger.alias (other, key, as_of, said_at) SELECT key, key, now(), now() FROM ledger.alias",
        "CREATE TABLE ledger.copy AS SELECT 1",
        "SET ROLE evenhand_audit",
        "SET ROLE evenhand_owner",
        "CREATE OR REPLACE FUNCTION public.ledger_put(uuid, date, text, numeric, integer, numeric, text) RETURNS void LANGUAGE sql AS 'SELECT'",
    ],
)
def test_the_desks_role_is_refused(statement):
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_fact_goes_in_and_only_the_audit_reads_it(as_audit):
    key = uuid4()
    slot.put(slot.Fact(key, date(2026, 1, 1), "gold", Decimal("99.50"), 5))
    slot.put(slot.Fact(key, date(2026, 3, 1), "lead", Decimal("9.50"), 5))
    known = facts.as_of(as_audit, [(key, date(2026, 2, 1)), (key, date(2026, 4, 1)), (key, date(2025, 1, 1))])
    assert [known[key, day].plan for day in (date(2026, 2, 1), date(2026, 4, 1), date(2025, 1, 1))] == [
        "gold",
        "lead",
        "gold",
    ]


@pytest.mark.django_db
def test_who_says_whom_billing_means_gets_the_same_nothing_whether_it_was_said_before_or_not():
    other, key = uuid4(), uuid4()
    with connection.cursor() as cursor:
        for account, day in [(key, "2026-01-01"), (key, "2026-01-01"), (uuid4(), "2025-01-01")]:
            cursor.execute("SELECT ledger_same(%s::uuid, %s::uuid, %s::date, now())", [other, account, day])
            assert cursor.fetchall() == [(None,)]


@pytest.mark.django_db(transaction=True)
def test_the_ledger_is_append_only_even_for_its_owner(as_owner):
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        as_owner.execute("UPDATE ledger.fact SET plan = 'x'")


@pytest.mark.django_db(transaction=True)
def test_the_audit_may_not_change_the_desk(as_audit):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_audit.execute("UPDATE conversations_conversation SET need = 'idea'")
