"""PostgreSQL itself refuses the ledger to the desk."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection

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
        "EXPLAIN SELECT * FROM ledger.fact WHERE plan = 'gold'",
        "SELECT query_to_xml('SELECT * FROM ledger.fact', true, false, '')",
        "SELECT * FROM ts_stat('SELECT plan::tsvector FROM ledger.fact')",
        "SELECT * FROM pg_statistic",
        "SELECT pg_relation_filepath('ledger.fact'::regclass)",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT lo_import('/etc/passwd')",
        "CREATE TEMP TABLE fact (plan text)",
        "CREATE TABLE public.shadow (plan text)",
        "CREATE FUNCTION public.shadow() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA shadow",
        "SET log_statement = 'all'",
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION evenhand_audit",
        "SELECT pg_create_logical_replication_slot('x', 'test_decoding')",
        "UPDATE parity_statement SET verdict = 'in parity'",
        "DELETE FROM parity_leaf",
        "INSERT INTO parity_lightchange (at, colour, why, statement_id) VALUES (now(), 'green', '', 1)",
        "UPDATE parity_lightchange SET colour = 'green'",
        "DELETE FROM parity_lightchange",
        "SELECT * FROM ledger.alias",
        "INSERT INTO ledger.alias (other, key, as_of, said_at) SELECT key, key, now(), now() FROM ledger.alias",
        "CREATE TABLE ledger.copy AS SELECT 1",
        "SET ROLE evenhand_audit",
        "SET ROLE evenhand_owner",
        "CREATE OR REPLACE FUNCTION public.ledger_put(uuid, date, text, numeric, integer, numeric, text) RETURNS void LANGUAGE sql AS 'SELECT'",
    ],
)
def test_the_desks_role_is_refused(statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as refused:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)  # in whatever words of its release


@pytest.mark.django_db(transaction=True)
def test_what_the_catalogue_shows_the_desk_says_nothing_of_a_fact(as_owner, as_audit):
    slot.put(slot.Fact(uuid4(), date(2026, 1, 1), "gold-of-the-catalogue", Decimal("99.50"), 5))
    as_owner.execute("ANALYZE ledger.fact")
    as_audit.execute("SELECT 'gold-of-the-catalogue'")
    views = (
        "pg_stats",
        "pg_stats_ext",
        "pg_stat_activity",
        "pg_prepared_statements",
        "pg_cursors",
        "pg_locks",
        "pg_settings",
    )
    with connection.cursor() as cursor:
        for view in views:
            cursor.execute(f"SELECT * FROM {view}")
            assert "gold-of-the-catalogue" not in str(cursor.fetchall()), view
    theirs = as_audit.execute("SELECT most_common_vals FROM pg_stats WHERE schemaname = 'ledger'").fetchall()
    assert theirs  # it is there to be found


@pytest.mark.django_db
def test_what_runs_with_the_owners_rights_finds_nothing_of_the_desks(as_owner):
    """A function of the owner's looks names up where the desk can make none."""
    made = as_owner.execute(
        "SELECT proname, proconfig FROM pg_proc JOIN pg_namespace AS space ON space.oid = pronamespace "
        "WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    assert {name for name, _ in made} >= {"ledger_put", "ledger_same", "search_find"}
    for name, config in made:
        (path,) = [each for each in config or [] if each.startswith("search_path=")]
        assert path in ("search_path=pg_catalog, pg_temp", "search_path=public, pg_temp"), name


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
