from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

# A Monday noon, so that the desk is open, and what the weekend brought waits.
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[datetime]:  # type: ignore[no-untyped-def]
    """The filled demo desk, for all tests here, gone before any other: what it holds uncommitted would be in their way. Its value is the moment it is dated up to."""
    from django.db import transaction
    from django.test import override_settings

    from evenhand.demo import fill

    with (
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        assert fill(until=NOW)
        yield NOW
        transaction.set_rollback(True)
