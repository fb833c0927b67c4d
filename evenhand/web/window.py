from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import orjson
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Counts one more of each of the first, and where those are within their limits one more of each of the others.
COUNT = """
    WITH asked AS (
        SELECT * FROM json_to_recordset(%s::json) AS asked (key text, opened_at timestamptz, most int, first bool)
    ), counted AS (
        INSERT INTO web_window (key, opened_at, count) SELECT key, opened_at, 1 FROM asked WHERE first
        ON CONFLICT (key, opened_at) DO UPDATE SET count = web_window.count + 1 RETURNING key, count
    ), allowed AS (
        SELECT NOT EXISTS (SELECT FROM counted JOIN asked USING (key) WHERE count > most) AS yes
    ), counted_then AS (
        INSERT INTO web_window (key, opened_at, count)
        SELECT key, opened_at, 1 FROM asked WHERE NOT first AND (SELECT yes FROM allowed)
        ON CONFLICT (key, opened_at) DO UPDATE SET count = web_window.count + 1 RETURNING key, count
    )
    SELECT (SELECT yes FROM allowed) AND NOT EXISTS (SELECT FROM counted_then JOIN asked USING (key) WHERE count > most)
"""
Limit = tuple[int, timedelta]  # how many in which stretch of time
Asked = tuple[str, str, tuple[Limit, ...]]  # what, by whom, and its limits


class Window(models.Model):
    """How often something was done by one source in one stretch of time. Whose it was is not kept, only a keyed digest."""

    key = models.CharField(max_length=64)
    opened_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "opened_at"], name="one_window")]

    def __str__(self) -> str:
        return f"{self.count} since {self.opened_at}"

    @classmethod
    def allows(cls, what: str, who: str, limit: int, per: timedelta) -> bool:
        """Count one more `what` by `who`; whether it is within `limit` in this stretch of length `per`."""
        return cls.allows_each(what, who, (limit, per))

    @classmethod
    def allows_each(cls, what: str, who: str, *limits: Limit) -> bool:
        """The same for several limits, each of which counts it."""
        return cls.allows_in_turn((what, who, limits))

    @classmethod
    def allows_in_turn(cls, *asked: Asked) -> bool:
        """The same for one, and where it is allowed for another: what the first refuses does not use up the others.

        One statement counts and decides, so that a thousand at once are counted as a thousand.
        """
        # In one order, so that no two wait for each other.
        rows = sorted(
            (place > 0, _digest(f"{what} {per} {who}"), _opened(per), most)
            for place, (what, who, limits) in enumerate(asked)
            for most, per in limits
        )
        # As one text: writing four arrays costs more than all else here.
        given = [
            {"key": key, "opened_at": opened, "most": most, "first": not later} for later, key, opened, most in rows
        ]
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [orjson.dumps(given).decode()])
            return bool(cursor.fetchone()[0])

    @classmethod
    def forget(cls) -> int:
        """Remove what no limit looks at any more. The number of rows removed."""
        return cls.objects.filter(opened_at__lt=timezone.now() - 2 * DAY).delete()[0]


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _opened(per: timedelta) -> datetime:
    seconds = per.total_seconds()
    return datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)
