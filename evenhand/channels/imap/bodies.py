"""Letters as a server gives them, and those that it lists and does not give.

A server that cannot read a letter answers NO or BAD, and then to all that were asked for with it, or OK with nothing or
NIL for it. One that was deleted meanwhile is left out as well, but no SEARCH finds it (RFC 2180, 4.1; RFC 3501, 6.4.8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

ITEMS = ["BODY.PEEK[]", "INTERNALDATE"]

Answer = dict[int, dict[bytes, Any]]
Refused = dict[int, IMAPClientError]


class Given(NamedTuple):
    """What came of asking for some letters."""

    letters: list[tuple[int, bytes, datetime]]  # byte for byte, oldest first
    withheld: dict[int, str]  # why each of the others is not here, in a sentence; not those that were deleted

    @property
    def uids(self) -> list[int]:
        return [uid for uid, _, _ in self.letters]


def ask(client: IMAPClient, uids: Sequence[int], said: Callable[[Exception], str]) -> Given:
    """Ask for letters, without marking them there. `said` makes a sentence of what a server answers."""
    found, refused = _fetched(client, uids)
    here = sorted(uid for uid in uids if found.get(uid, {}).get(b"BODY[]") is not None)
    letters = [(uid, found[uid][b"BODY[]"], found[uid].get(b"INTERNALDATE") or timezone.now()) for uid in here]
    missing = sorted(set(uids) - set(here))
    still = _still_there(client, missing) if missing else []
    return Given(letters, {uid: said(refused[uid]) if uid in refused else "" for uid in still})


def sizes(client: IMAPClient, uids: Sequence[int]) -> dict[int, int]:
    """How large they are, as far as the server says."""
    try:
        found: Answer = client.fetch(uids, ["RFC822.SIZE"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError:  # of a letter that it cannot read
        return {}
    return {uid: int(items[b"RFC822.SIZE"]) for uid, items in found.items() if b"RFC822.SIZE" in items}


def _fetched(client: IMAPClient, uids: Sequence[int]) -> tuple[Answer, Refused]:
    """All at once; where that is refused, one by one, since one of them is enough for a NO."""
    try:
        return client.fetch(uids, ITEMS), {}
    except IMAPClientAbortError:  # the connection is gone
        raise
    except IMAPClientError as error:
        if len(uids) == 1:
            return {}, {uids[0]: error}
    found: Answer = {}
    refused: Refused = {}
    for uid in uids:
        one, no = _fetched(client, [uid])
        found |= one
        refused |= no
    return found, refused


def _still_there(client: IMAPClient, uids: Sequence[int]) -> list[int]:
    client.noop()  # now it may say what was deleted meanwhile, and while it answers a FETCH it may not
    listed = set(client.search(["UID", ",".join(map(str, uids))]))
    return [uid for uid in uids if uid in listed]
