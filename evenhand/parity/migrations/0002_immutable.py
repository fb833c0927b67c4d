"""Statements are published once: PostgreSQL refuses to change or remove them, whoever asks."""

from django.db import migrations

IMMUTABLE = """
CREATE FUNCTION parity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'published statements do not change'; END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON parity_statement FOR EACH ROW EXECUTE FUNCTION parity_refuse();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON parity_leaf FOR EACH ROW EXECUTE FUNCTION parity_refuse();
"""
UNDO = "DROP TRIGGER immutable ON parity_statement; DROP TRIGGER immutable ON parity_leaf; DROP FUNCTION parity_refuse;"


class Migration(migrations.Migration):
    dependencies = [("parity", "0001_initial")]
    operations = [migrations.RunSQL(IMMUTABLE, UNDO)]
