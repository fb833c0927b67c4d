"""Who a session belongs to, asked on every page."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from evenhand.people.models import Agent

COLUMNS = [str(field.column) for field in Agent._meta.concrete_fields]
NAMES = [field.attname for field in Agent._meta.concrete_fields]
SQL = f"SELECT {', '.join(COLUMNS)} FROM {Agent._meta.db_table} WHERE id = %s AND is_active"  # noqa: S608 - names of columns


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, with the agent fetched by one prepared statement. Whoever is not active any more is nobody."""

    def get_user(self, user_id: int) -> Agent | None:
        with connection.cursor() as cursor:
            cursor.execute(SQL, [user_id])
            row = cursor.fetchone()
        return Agent.from_db(connection.alias, NAMES, row) if row else None
