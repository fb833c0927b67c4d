"""What stands beside a conversation: who writes, what else they wrote, who holds it. One object, read with the page's head.

addresses, joins, linked, others, beside, rating, drafts, files (of drafts), turn and colleagues, each null where there is none;
`asked` is whether agents are asked something about it.
"""

# Of the conversation `c`, as %(agent)s may see it.
ABOUT = """
    json_build_object(
        'addresses', (SELECT json_agg(json_build_object('email', email, 'bounced', bounced_at IS NOT NULL) ORDER BY id DESC)
            FROM people_address WHERE person_id = c.person_id),
        'joins', (SELECT json_agg(json_build_object('id', id, 'addresses', addresses) ORDER BY id DESC)
            FROM people_joined WHERE person_id = c.person_id AND parted_at IS NULL),
        'linked', (SELECT json_agg(json_build_object('id', p.id, 'name', COALESCE(NULLIF(p.name, ''),
                (SELECT email FROM people_address WHERE person_id = p.id ORDER BY id DESC LIMIT 1)))
                ORDER BY p.id <> c.person_id, p.id)
            FROM people_person p WHERE p.id IN (SELECT person_id FROM conversations_link
                WHERE conversation_id = c.number AND revoked_at IS NULL AND expires_at > now())),
        'others', (SELECT json_agg(other) FROM (
            SELECT o.number, o.subject, o.state, to_char(o.changed_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY') AS changed
            FROM conversations_conversation o
            WHERE o.person_id = c.person_id AND o.number <> c.number AND o.state <> 'merged'
              AND o.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY o.number DESC LIMIT 6) other),
        'beside', (SELECT json_agg(other) FROM (
            SELECT o.number, o.subject, o.state FROM conversations_conversation o
            WHERE o.account_id = c.account_id AND o.person_id <> c.person_id AND o.state = 'open'
              AND o.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY o.number DESC LIMIT 4) other),
        'rating', (SELECT json_build_object('score', r.score, 'word', left(r.word, 600)) FROM surveys_rating r
            JOIN conversations_conversation o ON o.number = r.conversation_id
            WHERE r.person_id = c.person_id AND o.team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s)
            ORDER BY r.at DESC LIMIT 1),
        'drafts', (SELECT json_object_agg(kind, html) FROM conversations_draft
            WHERE conversation_id = c.number AND agent_id = %(agent)s),
        'files', (SELECT json_object_agg(kind, files) FROM (SELECT d.kind, json_agg(json_build_object('id', f.id, 'name', f.name,
                'size', f.size) ORDER BY f.id) AS files FROM conversations_draft d
            JOIN conversations_draftfile f ON f.draft_id = d.id
            WHERE d.conversation_id = c.number AND d.agent_id = %(agent)s AND f.key = '' GROUP BY d.kind) of_drafts),
        'turn', (SELECT json_build_object('holder', holder.name, 'holder_id', claimed_by_id, 'kind', kind,
                'kept_for', CASE WHEN open_at > now() THEN kept.name END)
            FROM line_turn turn LEFT JOIN people_agent holder ON holder.id = claimed_by_id
            LEFT JOIN people_agent kept ON kept.id = for_agent_id
            WHERE turn.number = c.number AND ended_at IS NULL),
        'colleagues', (SELECT json_agg(json_build_array(a.id, a.name, a.away_since IS NOT NULL) ORDER BY a.name)
            FROM people_agent a WHERE a.is_active AND a.id IN (SELECT agent_id FROM people_agent_teams WHERE team_id = c.team_id)),
        'asked', EXISTS (SELECT FROM conversations_suggestion WHERE conversation_id = c.number AND ended_at IS NULL))
"""
