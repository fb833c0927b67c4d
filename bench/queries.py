"""How many statements a page sends, counted by PostgreSQL: its log of every statement, while one page is asked for."""

from __future__ import annotations

import re
import time
from collections import defaultdict

from .client import Client
from .desk import Desk

TIMES = 8
ENTRY = re.compile(r"^bench\[(\d+)\].*?duration: [\d.]+ ms +(?:execute \S+|statement): (.*)", re.DOTALL)
NEXT = re.compile(r"\n(?=bench\[)")
# The web's own: a worker that wakes up meanwhile is not counted.
OF_THE_WEB = re.compile("django_session|web_window")
NOT_ASKED_FOR = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|DEALLOCATE)\b", re.IGNORECASE)


def per_page(desk: Desk, client: Client, requests: list[bytes]) -> float:
    """Statements a page, without BEGIN, COMMIT and their like."""
    with desk.database() as connection:
        connection.execute("ALTER SYSTEM SET log_min_duration_statement = 0")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        begin = desk.statements.stat().st_size
        for request in requests:
            client.ask(request)
        time.sleep(0.5)
        with desk.statements.open("rb") as log:
            log.seek(begin)
            lines = log.read().decode(errors="replace")
        connection.execute("ALTER SYSTEM RESET log_min_duration_statement")
        connection.execute("SELECT pg_reload_conf()")
    said = defaultdict(list)
    for entry in map(ENTRY.match, NEXT.split(lines)):
        if entry:
            said[entry[1]].append(entry[2])
    counted = [
        statement
        for statements in said.values()
        if any(OF_THE_WEB.search(each) for each in statements)
        for statement in statements
        if not NOT_ASKED_FOR.match(statement)
    ]
    return len(counted) / len(requests)
