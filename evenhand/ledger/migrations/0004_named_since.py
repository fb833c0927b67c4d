"""Since when a name of billing's is an account's, so that what was asked before stays under the plan of then."""

from django.db import migrations

# The table refuses an UPDATE, so what was said gets its day by the change of a type.
SINCE = """
ALTER TABLE ledger.alias ADD as_of date;
ALTER TABLE ledger.alias ALTER as_of TYPE date USING (said_at AT TIME ZONE 'UTC')::date, ALTER as_of SET NOT NULL;
CREATE INDEX alias_by_key ON ledger.alias (key);
DROP FUNCTION public.ledger_same;
CREATE FUNCTION public.ledger_same(other uuid, key uuid, as_of date, said_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.alias (other, key, as_of, said_at) VALUES (other, key, as_of, said_at);
$$;
"""
LAST = """
DROP FUNCTION public.ledger_same;
DROP INDEX ledger.alias_by_key;
ALTER TABLE ledger.alias DROP as_of;
CREATE FUNCTION public.ledger_same(other uuid, key uuid, said_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.alias (other, key, said_at) VALUES (other, key, said_at);
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_parts")]
    operations = [migrations.RunSQL(SINCE, LAST)]
