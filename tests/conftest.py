"""One PostgreSQL for the run, one database for each test process, copied from a migrated template.

The tests connect with the desk's role, as the desk does; `owner` and `audit` give the other two.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management.base import CommandError
from django.test import TransactionTestCase

os.environ.setdefault("EVENHAND_DATA", tempfile.mkdtemp(prefix="evenhand-data-"))
os.environ.setdefault("EVENHAND_DATABASE_URL", "postgresql://nobody@127.0.0.1/none")
os.environ.setdefault("EVENHAND_ADDRESS", "support@desk.example")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser tests drive an event loop in the same thread


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the server lazily shared by all workers; a worker is told where it is."""
    if hasattr(config, "workerinput"):
        os.environ["EVENHAND_TEST_SERVER"] = config.workerinput["evenhand_server"]


class Shared:
    """Started by the controller process only, before its first worker."""

    def __init__(self) -> None:
        from tests.server import Server

        self.server = Server()
        self.server.make_template()

    @property
    def where(self) -> str:
        return str(self.server.directory)


_shared: Shared | None = None


def _start() -> str:
    global _shared
    _shared = _shared or Shared()
    return _shared.where


def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]
    node.workerinput["evenhand_server"] = _start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _shared and not hasattr(config, "workerinput"):
        _shared.server.stop()


@pytest.fixture(scope="session")
def postgres() -> Path:
    """The directory of the run's server."""
    return Path(os.environ.get("EVENHAND_TEST_SERVER") or _start())


@pytest.fixture(scope="session")
def database_urls(postgres: Path) -> Iterator[dict[str, str]]:
    """The URLs of this process's own database, by role; `postgres` is the superuser's."""
    from evenhand.database import roles
    from evenhand.database.embedded import Embedded
    from tests.server import PASSWORDS

    server = Embedded(postgres)
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # two copies of a template cannot be made at once
        connection.execute(f"CREATE DATABASE {name} TEMPLATE evenhand OWNER evenhand_owner")
        connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO evenhand_desk, evenhand_audit")
    urls = {role: server.url(f"evenhand_{role}", PASSWORDS[role], name) for role in roles.ROLES}
    urls["postgres"] = server.url(database=name)
    with psycopg.connect(urls["postgres"], autocommit=True) as connection:
        # The desk's role may not truncate; emptying the tables between tests is the tests' own business.
        connection.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO evenhand_desk")
    os.environ["EVENHAND_DATABASE_URL"] = urls["desk"]
    yield urls
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup(database_urls: dict[str, str], django_db_blocker) -> None:  # type: ignore[no-untyped-def]
    """Point Django at this process's database with the desk's role; nothing is created by Django itself."""
    from django.conf import settings
    from django.db import connections

    from evenhand.settings import _database

    made = _database("EVENHAND_DATABASE_URL", "")
    settings.DATABASES["default"].update(made)
    connections["default"].settings_dict.update(made)


_flush = TransactionTestCase._fixture_teardown


def _flush_patiently(case: TransactionTestCase) -> None:
    """Emptying the tables can meet the last request of a page that was closed; it is met once."""
    for _ in range(5):
        try:
            return _flush(case)
        except CommandError:
            time.sleep(1)
    return _flush(case)


TransactionTestCase._fixture_teardown = _flush_patiently  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def an_empty_desk(request: pytest.FixtureRequest) -> None:
    """A test that commits begins with an empty desk, whatever the last one's servers were still writing when it ended."""
    mark = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (mark and mark.kwargs.get("transaction"))
    if not commits:
        return
    urls = request.getfixturevalue("database_urls")
    with psycopg.connect(urls["postgres"], autocommit=True, options="-c lock_timeout=20s") as connection:
        connection.execute(EMPTY)


# The ledger is append-only by a trigger, and no test reads another's facts; its keys are nobody's. What is searched in
# goes with the conversations, by a trigger of their own.
EMPTY = """
DO $$ DECLARE tables text; BEGIN
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO tables FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN (
        'django_migrations', 'django_content_type', 'procrastinate_version', 'search_language', 'conversations_slice')
      AND NOT starts_with(tablename, 'conversations_search')
      AND (SELECT count(*) FROM people_team) + (SELECT count(*) FROM people_agent) + (SELECT count(*) FROM people_account) > 0;
    IF tables IS NOT NULL THEN EXECUTE 'TRUNCATE ' || tables || ' CASCADE'; END IF;
END $$
"""


@pytest.fixture
def as_audit(database_urls: dict[str, str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_urls["audit"]) as connection:
        yield connection


@pytest.fixture
def as_owner(database_urls: dict[str, str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_urls["owner"], autocommit=True) as connection:
        yield connection
