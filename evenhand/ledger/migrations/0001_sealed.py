"""The sealed room. The desk's role gets one way in, an INSERT-only function, and nothing out."""

from django.db import migrations

SEAL = """
CREATE SCHEMA ledger;
REVOKE ALL ON SCHEMA ledger FROM PUBLIC;

CREATE TABLE ledger.fact (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL,               -- people.Account.ledger_key; no foreign key, on purpose
    as_of date NOT NULL,
    plan text NOT NULL DEFAULT '',
    monthly_spend numeric(14, 2),
    seats integer,
    usage numeric(16, 2),
    source text NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (monthly_spend >= 0), CHECK (seats >= 0), CHECK (usage >= 0)
);
CREATE INDEX fact_by_key ON ledger.fact (key, as_of DESC, id DESC);

-- Append-only, for everyone: history is what the audit adjusts with.
CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.fact
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CREATE FUNCTION public.ledger_put(
    key uuid, as_of date, plan text, monthly_spend numeric, seats integer, usage numeric, source text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.fact (key, as_of, plan, monthly_spend, seats, usage, source)
    VALUES (key, as_of, coalesce(plan, ''), monthly_spend, seats, usage, coalesce(source, ''));
$$;
"""
OPEN = "DROP FUNCTION public.ledger_put; DROP SCHEMA ledger CASCADE;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(SEAL, OPEN)]
