"""How far the demo's agents have seen what is theirs: up to what they said last themselves."""

from __future__ import annotations

from django.db import connection

# Whose turn it is again has something new; all else has been seen as it is.
SEEN = """
    INSERT INTO conversations_look (conversation_id, agent_id, seen)
    SELECT c.number, c.assignee_id,
           CASE WHEN c.waiting_since IS NULL THEN c.changed_at ELSE (
               SELECT max(m.at) FROM conversations_message m WHERE m.conversation_id = c.number AND m.agent_id = c.assignee_id
           ) END
    FROM conversations_conversation c
    WHERE c.assignee_id IS NOT NULL AND (c.waiting_since IS NULL OR EXISTS (
        SELECT FROM conversations_message m WHERE m.conversation_id = c.number AND m.agent_id = c.assignee_id
    ))
"""


def fill() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
