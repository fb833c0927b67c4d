"""A desk of any size, written by PostgreSQL itself: conversations of three messages, their people, turns and events."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from evenhand.database import prepare, roles
from evenhand.database.embedded import DATABASE, Embedded

from .note import note

AGENTS = 8
NEEDLE, EVERY = "zebrafish", 200  # a word in 0.5 % of the conversations
OPEN, LEAST_OPEN = 0.02, 4000  # of the conversations, where there are enough; half of them wait
TEXTS, WORDS, VOCABULARY = 5000, 55, 12_000
SLICE = 50_000

# Number n is `n`th in time. The last ones are open, every second of these waits for its next answer.
ROWS = """
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
INSERT INTO people_team (id, name, signature) VALUES (1, 'Support', '');
INSERT INTO people_agent (id, password, email, name, is_admin, is_active, joined_at, languages, topics, at_once, signature, theme, sessions_since)
SELECT i, '', 'agent' || i || '@desk.example', 'Agent ' || i, i = 1, true, now(), '{{}}', '{{}}', 32000, '', 'auto', now() - interval '1 day'
FROM generate_series(1, {agents}) AS i;
INSERT INTO people_agent_teams (agent_id, team_id) SELECT i, 1 FROM generate_series(1, {agents}) AS i;
INSERT INTO channels_mailbox (address, name, team_id, topic) VALUES ('support@desk.example', 'Support', 1, '');
INSERT INTO people_account (id, name, ledger_key, created_at)
SELECT i, 'Organisation ' || i, gen_random_uuid(), now() FROM generate_series(1, {accounts}) AS i;
INSERT INTO people_person (id, name, language, created_at, account_id)
SELECT i, 'Customer ' || i, 'en', now(), 1 + i % {accounts} FROM generate_series(1, {people}) AS i;
INSERT INTO people_address (email, person_id) SELECT 'customer' || i || '@organisation' || i % {accounts} || '.example', i
FROM generate_series(1, {people}) AS i;
INSERT INTO line_lane (id, need, team_id, language, topic, current_round)
SELECT i, (ARRAY['question', 'hindered', 'blocked', 'idea'])[i], 1, '', '', {count} / 1000 + 1 FROM generate_series(1, 4) AS i;

CREATE TABLE bench_plan AS SELECT
    n, 1 + (n * 7919) % {people} AS person, 1 + (1 + (n * 7919) % {people}) % {accounts} AS account,
    (ARRAY[1, 1, 1, 1, 1, 2, 2, 2, 3, 4])[1 + n % 10] AS lane, n > {count} - {open} AS is_open,
    n > {count} - {open} AND n % 2 = 0 AS waits, 1 + n % {agents} AS agent,
    CASE WHEN n > {count} - {open} THEN now() - interval '3 days' * (({count} - n)::float / {open}) - interval '1 hour'
        ELSE now() - interval '3 days' - interval '365 days' * (({count} - n)::float / {count}) END AS opened
FROM generate_series(1::bigint, {count}) AS n;

INSERT INTO conversations_conversation (number, subject, channel, language, topic, need, need_first, state, tags, opened_at,
    changed_at, waiting_since, due_at, first_replied_at, closed_at, preview, message_count, problem, account_id, assignee_id,
    person_id, team_id, spam)
SELECT n, left(t.text, 48), 'mail', 'en', '', need, need, CASE WHEN is_open THEN 'open' ELSE 'closed' END,
    CASE WHEN n % 3 = 0 THEN ARRAY['tag' || n % 40] ELSE '{{}}' END, opened, opened + interval '1 hour',
    CASE WHEN waits THEN opened + interval '1 hour' END, CASE WHEN waits THEN opened + interval '9 hours' END,
    opened + interval '30 minutes', CASE WHEN NOT is_open THEN opened + interval '1 hour' END, left(t.text, 160), 3, '',
    account, agent, person, 1, false
FROM bench_plan JOIN line_lane ON line_lane.id = lane JOIN bench_text AS t ON t.id = n % {texts} ORDER BY n;
INSERT INTO conversations_message (kind, at, text, html, quoted, cc, leaves_at, sent_at, failure, agent_id, conversation_id, person_id)
SELECT CASE WHEN k = 1 THEN 'agent' ELSE 'customer' END, opened + interval '30 minutes' * k,
    t.text || CASE WHEN k = 0 AND n % {every} = 0 THEN ' {needle}' ELSE '' END, '', '', '{{}}',
    CASE WHEN k = 1 THEN opened END, CASE WHEN k = 1 THEN opened END, '', CASE WHEN k = 1 THEN agent END, n,
    CASE WHEN k <> 1 THEN person END
FROM bench_plan CROSS JOIN generate_series(0, 2) AS k JOIN bench_text AS t ON t.id = (n * 3 + k) % {texts} ORDER BY n, k;
INSERT INTO line_turn (number, kind, waiting_since, due_at, round, turn_since, open_at, claimed_at, ended_at, outcome, account_id,
    claimed_by_id, lane_id)
SELECT n, 'first', opened, opened + interval '8 hours', n / 1000 + 1, opened, opened, opened + interval '20 minutes',
    opened + interval '30 minutes', 'answered', account, agent, lane FROM bench_plan ORDER BY n;
INSERT INTO line_claim (at, way, reason, agent_id, turn_id)
SELECT claimed_at, 'next', '', claimed_by_id, id FROM line_turn ORDER BY id;
INSERT INTO line_turn (number, kind, waiting_since, due_at, round, turn_since, open_at, outcome, account_id, lane_id)
SELECT n, 'next', opened + interval '1 hour', opened + interval '9 hours', CASE WHEN first THEN {count} / 1000 + 2 END,
    CASE WHEN first THEN opened + interval '1 hour' END, opened, '', account, lane
FROM (SELECT *, row_number() OVER (PARTITION BY lane, account ORDER BY n) = 1 AS first FROM bench_plan WHERE waits) AS waiting
ORDER BY n;
INSERT INTO conversations_event (what, at, data, agent_id, conversation_id)
SELECT what, opened + interval '20 minutes', '{{}}', agent, n FROM bench_plan
CROSS JOIN unnest(ARRAY['taken', 'closed']) AS what WHERE what = 'taken' OR NOT is_open ORDER BY n;
DROP TABLE bench_plan, bench_text;
"""
SEQUENCES = (
    "people_team",
    "people_agent",
    "people_account",
    "people_person",
    "line_lane",
    "conversations_conversation",
)


def build(directory: Path, count: int) -> None:
    """Make the desk in `directory`, unless one of this size is there already."""
    mark = directory / "bench"
    if mark.exists() and mark.read_text() == str(count):
        return
    if mark.exists():
        raise SystemExit(f"{directory} holds a desk of {mark.read_text()} conversations; give another --keep.")
    server = Embedded(directory)
    begin = time.monotonic()
    with server.running():
        server.make_roles()
        prepare.migrate(server.url_of("owner"), *(roles.role_name(DATABASE, role) for role in ("desk", "audit")))
        _fill(server.url(database=DATABASE), server.url_of("owner"), count)
    mark.write_text(str(count))
    note(f"built {count:,} conversations in {time.monotonic() - begin:.0f} s")


def _fill(superuser: str, owner: str, count: int) -> None:
    people = max(50, count // 10)
    values = {
        "count": count, "people": people, "accounts": max(20, people // 3), "agents": AGENTS, "texts": TEXTS,
        "open": min(count // 2, max(LEAST_OPEN, int(count * OPEN))), "every": EVERY, "needle": NEEDLE,
    }  # fmt: skip
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_text (id int PRIMARY KEY, text text NOT NULL)")
        with connection.cursor().copy("COPY bench_text FROM STDIN") as copy:
            for row in enumerate(texts()):
                copy.write_row(row)
        connection.execute(ROWS.format(**values))
        note("rows are written")
        for table in SEQUENCES:
            key = "number" if table == "conversations_conversation" else "id"
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))"
            )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda number: _refill(owner, number), range(count // SLICE + 2)))
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _refill(owner: str, number: int) -> None:
    """One slice of the search, as the migration of a grown desk does it."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        connection.execute("SELECT search_make_slice(%s)", [number])
        if connection.execute("SELECT to_regclass(%s)", [f"conversations_search_{number}"]).fetchone() != (None,):
            connection.execute("SELECT search_refill(%s)", [number])


def texts() -> list[str]:
    """Texts of words that do not exist, as unevenly used as words are (Zipf)."""
    source = random.Random("texts")
    syllables = [a + b for a in "bcdfghjklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er")]
    words = ["".join(source.choices(syllables, k=source.choice((1, 2, 2, 3, 3, 4)))) for _ in range(VOCABULARY)]
    weights = [1 / (rank + 2) for rank in range(VOCABULARY)]
    return [
        " ".join(source.choices(words, weights, k=source.randint(WORDS // 2, WORDS * 3 // 2))) + "."
        for _ in range(TEXTS)
    ]
