"""Facts of a part of what an account pays (one subscription of several), and whose they are when billing has names of its own.

A billing system speaks of `cus_123` and may say what it pays before it says who it is, or in any order. Its facts are
kept under a key made of its own name at once, and that this key is an account's is said apart, whenever it is known.
"""

from django.db import migrations

PARTS = """
ALTER TABLE ledger.fact
    ADD part text NOT NULL DEFAULT '',               -- '' for the whole of what the account pays
    ADD said_at timestamptz NOT NULL DEFAULT now();  -- of two facts of one day, the one said later holds

CREATE TABLE ledger.alias (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    other uuid NOT NULL,
    key uuid NOT NULL,
    said_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alias_by_other ON ledger.alias (other, said_at DESC, id DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.alias
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

-- Both always insert. To leave out what is there already would tell whoever puts it that it is there.
DROP FUNCTION public.ledger_put(uuid, date, text, numeric, integer, numeric, text);
CREATE FUNCTION public.ledger_put(
    key uuid, as_of date, plan text, monthly_spend numeric, seats integer, usage numeric, source text,
    part text DEFAULT '', said_at timestamptz DEFAULT now()
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.fact (key, as_of, plan, monthly_spend, seats, usage, source, part, said_at)
    VALUES (key, as_of, coalesce(plan, ''), monthly_spend, seats, usage, coalesce(source, ''), coalesce(part, ''),
            coalesce(said_at, now()));
$$;
CREATE FUNCTION public.ledger_same(other uuid, key uuid, said_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.alias (other, key, said_at) VALUES (other, key, said_at);
$$;
"""
WHOLE = """
DROP FUNCTION public.ledger_same;
DROP FUNCTION public.ledger_put;
DROP TABLE ledger.alias;
ALTER TABLE ledger.fact DROP part, DROP said_at;
CREATE FUNCTION public.ledger_put(
    key uuid, as_of date, plan text, monthly_spend numeric, seats integer, usage numeric, source text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.fact (key, as_of, plan, monthly_spend, seats, usage, source)
    VALUES (key, as_of, coalesce(plan, ''), monthly_spend, seats, usage, coalesce(source, ''));
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_keys")]
    operations = [migrations.RunSQL(PARTS, WHOLE)]
