"""The lists that agents narrowed and kept, as features of accounts: who ever stands in one, and who does not."""

from __future__ import annotations

from collections.abc import Hashable
from urllib.parse import parse_qs

import psycopg

from .waits import Wait

QUERIES = "SELECT DISTINCT query FROM conversations_savedview ORDER BY query"
ABOUT_CUSTOMERS = ("need", "tag", "language")  # whose list it is, and which box, says nothing of who wrote


def views(connection: psycopg.Connection, waits: list[Wait]) -> dict[str, dict[int, Hashable]]:
    """A feature for each different view, called by what it is narrowed to: its name is an agent's own."""
    found: dict[str, dict[int, Hashable]] = {}
    for (query,) in connection.execute(QUERIES):
        given = {name: values[-1] for name, values in parse_qs(query).items() if name in ABOUT_CUSTOMERS}
        if given:
            inside = {wait.account for wait in waits if _shows(given, wait)}
            found[_name(given)] = {wait.account: wait.account in inside for wait in waits}
    return found


def _shows(given: dict[str, str], wait: Wait) -> bool:
    has = {"need": [wait.need], "tag": wait.tags, "language": [wait.language]}
    return all(value in has[name] for name, value in given.items())


def _name(given: dict[str, str]) -> str:
    return "view of " + ", ".join(f'{name} "{given[name]}"' for name in ABOUT_CUSTOMERS if name in given)
