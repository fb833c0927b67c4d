"""What stands beside a conversation: who writes, what else they wrote, who holds it. One query."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

SQL = """
    SELECT json_build_object(
        'addresses', (SELECT json_agg(json_build_object('email', email, 'bounced', bounced_at IS NOT NULL) ORDER BY id DESC)
            FROM people_address WHERE person_id = %(person)s),
        'joins', (SELECT json_agg(json_build_object('id', id, 'addresses', addresses) ORDER BY id DESC)
            FROM people_joined WHERE person_id = %(person)s AND parted_at IS NULL),
        'others', (SELECT json_agg(other) FROM (
            SELECT c.number, c.subject, c.state, to_char(c.changed_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY') AS changed
            FROM conversations_conversation c
            WHERE c.person_id = %(person)s AND c.number <> %(number)s AND c.state <> 'merged'
              AND c.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY c.number DESC LIMIT 6) other),
        'beside', (SELECT json_agg(other) FROM (
            SELECT c.number, c.subject, c.state FROM conversations_conversation c
            WHERE c.account_id = %(account)s AND c.person_id <> %(person)s AND c.state = 'open'
              AND c.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY c.number DESC LIMIT 4) other),
        'rating', (SELECT json_build_object('score', r.score, 'word', left(r.word, 600)) FROM surveys_rating r
            JOIN conversations_conversation c ON c.number = r.conversation_id
            WHERE r.person_id = %(person)s AND c.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY r.at DESC LIMIT 1),
        'drafts', (SELECT json_object_agg(kind, html) FROM conversations_draft
            WHERE conversation_id = %(number)s AND agent_id = %(agent)s),
        'files', (SELECT json_object_agg(kind, files) FROM (SELECT d.kind, json_agg(json_build_object('id', f.id, 'name', f.name,
                'size', f.size) ORDER BY f.id) AS files FROM conversations_draft d
            JOIN conversations_draftfile f ON f.draft_id = d.id
            WHERE d.conversation_id = %(number)s AND d.agent_id = %(agent)s AND f.key = '' GROUP BY d.kind) of_drafts),
        'turn', (SELECT json_build_object('holder', holder.name, 'holder_id', claimed_by_id, 'kind', kind,
                'kept_for', CASE WHEN open_at > now() THEN kept.name END)
            FROM line_turn turn LEFT JOIN people_agent holder ON holder.id = claimed_by_id
            LEFT JOIN people_agent kept ON kept.id = for_agent_id
            WHERE turn.number = %(number)s AND ended_at IS NULL),
        'colleagues', (SELECT json_agg(json_build_array(a.id, a.name, a.away_since IS NOT NULL) ORDER BY a.name)
            FROM people_agent a WHERE a.is_active AND a.id IN (SELECT agent_id FROM people_agent_teams WHERE team_id = %(team)s)))
"""


def about(number: int, person: int, account: int, team: int, agent: int) -> dict[str, Any]:
    """addresses, joins, others, beside, rating, drafts, files (of drafts), turn, colleagues; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"number": number, "person": person, "account": account, "team": team, "agent": agent})
        (found,) = cursor.fetchone()
    return dict(json.loads(found) if isinstance(found, str) else found)
