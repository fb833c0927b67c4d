"""What the tests themselves rely on: each begins with an empty desk, and nothing is found on it."""

import psycopg
import pytest

from evenhand.conversations.models import Conversation
from tests.conftest import EMPTY


@pytest.mark.django_db(transaction=True)
def test_a_desk_that_somebody_left_full_is_emptied(database_urls, start):
    start("Left over", "By a server that was still writing.")
    with psycopg.connect(database_urls["postgres"], autocommit=True) as connection:
        connection.execute(EMPTY)
        assert connection.execute("SELECT count(*) FROM conversations_search").fetchone() == (0,)
    assert not Conversation.objects.exists()
    with psycopg.connect(database_urls["postgres"]) as connection:  # what is no row of anybody's stays
        assert connection.execute("SELECT count(*) > 0 FROM search_language").fetchone() == (True,)
