"""What an answer that has not left, or not for everyone, waits for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple, Self

# Of a message `m` and its letter `post`: empty for what is over, one way or the other.
WAITS = """
    CASE WHEN m.leaves_at IS NOT NULL AND m.failed_at IS NULL
          AND CASE WHEN post.id IS NULL THEN m.sent_at IS NULL ELSE post.sent_at IS NULL AND post.failed_at IS NULL END
         THEN json_build_object('why', COALESCE(post.answer, ''), 'again', post.next_try_at,
            'some', COALESCE(cardinality(post.put_off), 0) > 0, 'perhaps', post.perhaps OR post.began_at IS NOT NULL,
            'scanned', NOT %(scans)s OR NOT EXISTS (
                SELECT FROM conversations_attachment f WHERE f.message_id = m.id AND f.scanned_at IS NULL))
    END AS waits
"""


class Waits(NamedTuple):
    """`why` is what the server said last, `again` when it is tried next; `some`: somebody has it already; `perhaps`: it may
    have arrived."""

    why: str
    again: datetime | None
    some: bool
    perhaps: bool
    scanned: bool

    @classmethod
    def read(cls, found: str | dict[str, Any] | None) -> Self | None:
        if found is None:
            return None
        known = json.loads(found) if isinstance(found, str) else found
        again = datetime.fromisoformat(known["again"]) if known["again"] else None
        return cls(known["why"], again, bool(known["some"]), bool(known["perhaps"]), bool(known["scanned"]))
