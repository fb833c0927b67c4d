"""What was said before a migration is there after it."""

from datetime import UTC, date, datetime
from importlib import import_module
from uuid import uuid4

import pytest

NAMED_SINCE = import_module("evenhand.ledger.migrations.0004_named_since")


@pytest.mark.django_db(transaction=True)
def test_what_was_said_of_names_gets_its_day_there_and_back(as_owner):
    other, key, said_at = uuid4(), uuid4(), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with as_owner.transaction(force_rollback=True):
        as_owner.execute(NAMED_SINCE.LAST)
        as_owner.execute("SET LOCAL TimeZone TO 'Asia/Tokyo'")
        as_owner.execute("SELECT ledger_same(%s, %s, %s)", [other, key, said_at])
        as_owner.execute(NAMED_SINCE.SINCE)
        found = as_owner.execute("SELECT key, as_of FROM ledger.alias WHERE other = %s", [other]).fetchall()
    assert found == [(key, date(2026, 3, 1))]
