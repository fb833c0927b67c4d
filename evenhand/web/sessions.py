"""Django's sessions in the database, read with one prepared statement: every page of the desk begins with this."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

SQL = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"


class SessionStore(db.SessionStore):
    """Only `load` is ours; the ORM builds the same query in four times the time."""

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(SQL, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))
