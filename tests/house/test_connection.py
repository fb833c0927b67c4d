"""A connection that is kept from page to page: no statement to see that it lives, and none on one that does not."""

import select

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def begin_a_page() -> None:
    """What Django does before a page's first statement."""
    connection.health_check_done = False
    connection.close_if_health_check_failed()


def test_a_quiet_one_is_not_asked(monkeypatch) -> None:
    before = pid()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _: pytest.fail("It was asked."))
    begin_a_page()
    assert pid() == before


def test_one_that_the_server_ended_is_made_anew(database_urls) -> None:
    before = pid()
    with psycopg.connect(database_urls["desk"], autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s)", [before]).fetchone() == (True,)
    assert select.select([connection.connection.fileno()], [], [], 30)[0]
    begin_a_page()
    assert pid() != before


def test_one_that_was_only_told_something_goes_on(database_urls) -> None:
    before = pid()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    with psycopg.connect(database_urls["desk"], autocommit=True) as other:
        other.execute("NOTIFY something")
    assert select.select([connection.connection.fileno()], [], [], 30)[0]
    begin_a_page()
    assert pid() == before
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")


def test_there_is_none_yet() -> None:
    connection.close()
    begin_a_page()
    assert not connection.is_usable()
    assert pid()
