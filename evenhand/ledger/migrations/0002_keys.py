"""The audit's own secrets: what statements are signed and their records blinded with. Sealed with the facts."""

from django.db import migrations

# gen_random_uuid() draws 122 bits from the operating system; four of them make a key of 256 bits with room to spare.
KEYS = """
CREATE TABLE ledger.key (name text PRIMARY KEY, value bytea NOT NULL);
INSERT INTO ledger.key
    SELECT name, sha256(convert_to(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), 'UTF8'))
    FROM unnest(ARRAY['signing', 'blinding']) AS name;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.key
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_sealed")]
    operations = [migrations.RunSQL(KEYS, "DROP TABLE ledger.key;")]
