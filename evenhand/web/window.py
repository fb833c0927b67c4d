from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNT = """
    INSERT INTO web_window (key, opened_at, count)
    SELECT key, opened_at, 1 FROM unnest(%s::text[], %s::timestamptz[]) AS counted (key, opened_at)
    ON CONFLICT (key, opened_at) DO UPDATE SET count = web_window.count + 1 RETURNING key, count
"""
Limit = tuple[int, timedelta]  # how many in which stretch of time


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
        """The same for several limits, each of which counts it.

        One statement counts and decides, so that a thousand at once are counted as a thousand.
        """
        most = {_digest(f"{what} {per} {who}"): (limit, _opened(per)) for limit, per in limits}
        keys = sorted(most)  # in one order, so that no two wait for each other
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [keys, [most[key][1] for key in keys]])
            return all(count <= most[key][0] for key, count in cursor.fetchall())

    @classmethod
    def forget(cls) -> int:
        """Remove what no limit looks at any more. The number of rows removed."""
        return cls.objects.filter(opened_at__lt=timezone.now() - 2 * DAY).delete()[0]


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _opened(per: timedelta) -> datetime:
    seconds = per.total_seconds()
    return datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)
