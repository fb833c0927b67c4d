"""What the desk can see of an account, for the leak scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

import psycopg

from .views import views
from .waits import Wait

PEOPLE = """
    SELECT person.account_id, count(DISTINCT person.id), min(split_part(address.email, '@', 2))
    FROM people_person AS person JOIN people_address AS address ON address.person_id = person.id
    WHERE person.account_id = ANY(%s) GROUP BY person.account_id
"""
SHARED_BY = 5  # a mail domain, tag or view of fewer accounts than this is their own name, and tells nothing of a rule


def features(connection: psycopg.Connection, waits: list[Wait]) -> dict[str, Mapping[int, Hashable]]:
    """feature -> account -> value."""
    accounts = sorted({wait.account for wait in waits})
    people = connection.execute(PEOPLE, [accounts]).fetchall()
    domains = Counter(domain for _, _, domain in people)
    found: dict[str, Mapping[int, Hashable]] = {
        "number of people": {account: _band(count) for account, count, _ in people},
        "kind of mail domain": {a: d if domains[d] >= SHARED_BY else "own domain" for a, _, d in people},
        "country of mail domain": {account: domain.rpartition(".")[2] for account, _, domain in people},
        "language": _usual(waits, "language"),
        "channel": _usual(waits, "channel"),
        "team": _usual(waits, "team"),
        "topic": _usual(waits, "topic"),
        "number of conversations": _volume(waits),
    }
    for tag in _tags(waits):
        tagged = {wait.account for wait in waits if tag in wait.tags}
        found[f'tag "{tag}"'] = {account: account in tagged for account in accounts}
    seen = views(connection, waits)
    return found | {name: value for name, value in seen.items() if sum(map(bool, value.values())) >= SHARED_BY}


def _band(count: int) -> int:
    return count.bit_length()


def _usual(waits: list[Wait], field: str) -> dict[int, Hashable]:
    seen: dict[int, Counter[str]] = {}
    for wait in waits:
        seen.setdefault(wait.account, Counter())[getattr(wait, field)] += 1
    return {account: counts.most_common(1)[0][0] for account, counts in seen.items()}


def _volume(waits: list[Wait]) -> dict[int, Hashable]:
    return {account: _band(count) for account, count in Counter(wait.account for wait in waits).items()}


def _tags(waits: list[Wait]) -> list[str]:
    """The tags that several accounts have; a tag of one account alone is that account's name."""
    bearers: dict[str, set[int]] = {}
    for wait in waits:
        for tag in wait.tags:
            bearers.setdefault(tag, set()).add(wait.account)
    return sorted(tag for tag, accounts in bearers.items() if len(accounts) >= SHARED_BY)
