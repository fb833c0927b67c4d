from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Only the look at a kept connection, before each page, is ours."""

    def is_usable(self) -> bool:
        """Whether the server still holds the other end. It is asked only if it has said something unasked, as it does
        when it stops or ends a connection: Django asks each time, and waits for the answer."""
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status == TransactionStatus.INERROR:  # only a rollback would be answered
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or bool(super().is_usable())
