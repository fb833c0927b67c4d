"""What must be true of a desk at any moment. Each question answers with what is wrong, a sentence each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from evenhand.channels.models import Letter
from evenhand.conversations.models import Attachment
from evenhand.database import desk, prepare

Question = Callable[[], list[str]]
SHOWN = 20  # examples of one kind

COUNTS = {
    "conversation {} counts {} messages and has {}": """
        SELECT c.number, c.message_count, count(m.id) FROM conversations_conversation c
        LEFT JOIN conversations_message m ON m.conversation_id = c.number
        GROUP BY c.number HAVING c.message_count <> count(m.id)""",
    "conversation {} waits and stands in no line": """
        SELECT number FROM conversations_conversation c WHERE waiting_since IS NOT NULL AND state = 'open'
        AND NOT EXISTS (SELECT FROM line_turn t WHERE t.number = c.number AND t.ended_at IS NULL)""",
    "conversation {} stands in a line and does not wait": """
        SELECT number FROM line_turn t WHERE ended_at IS NULL AND NOT EXISTS (
            SELECT FROM conversations_conversation c WHERE c.number = t.number AND c.waiting_since IS NOT NULL)""",
}
ALSO = {
    "the desk's role is a superuser": "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper",
    "the desk's role is also the role {}": """
        SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')""",
    "the desk's role may use the schema ledger": """
        SELECT 1 WHERE has_schema_privilege(current_user, 'ledger', 'USAGE')""",
}


def questions(*, deep: bool) -> Iterator[tuple[str, Question]]:
    yield "The database is of this version", migrations
    yield "The ledger refuses the desk", wall
    yield "Fetched letters add up", letters
    yield "Counts and lines agree", partial(rows, COUNTS)
    yield "Attachments are where they should be", partial(attachments, deep=deep)
    yield "No job has been given up", jobs


def rows(asked: dict[str, str]) -> list[str]:
    """A sentence for each row of each query."""
    wrong = []
    with connection.cursor() as cursor:
        for sentence, query in asked.items():
            cursor.execute(f"{query} LIMIT {SHOWN}")
            wrong += [sentence.format(*row) for row in cursor.fetchall()]
    return wrong


def migrations() -> list[str]:
    try:
        prepare.check(desk.url_of("desk"))
    except RuntimeError as error:
        return [str(error)]
    return []


def wall() -> list[str]:
    """Try it: PostgreSQL itself must refuse."""
    wrong = rows(ALSO)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger.fact")
    except DatabaseError as error:
        refused = "permission denied for schema ledger" in str(error)
        return wrong if refused else [*wrong, str(error).strip()]
    return [*wrong, "the desk's role can read the ledger"]


def letters() -> list[str]:
    return [f"{each['address']}: {each['fetched']} fetched" for each in Letter.account() if not each["adds_up"]]


def attachments(*, deep: bool) -> list[str]:
    wrong = []
    stored = Attachment.objects.order_by("stored_as").distinct("stored_as")
    for name, size, digest in stored.values_list("stored_as", "size", "sha256").iterator():
        if not default_storage.exists(name):
            wrong.append(f"{name} is missing")
        elif default_storage.size(name) != size:
            wrong.append(f"{name} has {default_storage.size(name)} bytes and should have {size}")
        elif deep and _digest(name) != digest:
            wrong.append(f"{name} is not what it was")
    return wrong[:SHOWN]


def _digest(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def jobs() -> list[str]:
    return rows(
        {"job {} ({}) failed": "SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC"}
    )
