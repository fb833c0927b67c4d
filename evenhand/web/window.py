from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNT = """
    INSERT INTO web_window (key, opened_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key, opened_at) DO UPDATE SET count = web_window.count + 1 RETURNING count
"""


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
        """Count one more `what` by `who`; whether it is within `limit` in this stretch of length `per`.

        One statement counts and decides, so that a thousand at once are counted as a thousand.
        """
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [_digest(f"{what} {per} {who}"), _opened(per)])
            (count,) = cursor.fetchone()
        return bool(count <= limit)

    @classmethod
    def forget(cls) -> int:
        """Remove what no limit looks at any more. The number of rows removed."""
        return cls.objects.filter(opened_at__lt=timezone.now() - 2 * DAY).delete()[0]


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _opened(per: timedelta) -> datetime:
    seconds = per.total_seconds()
    return datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)
