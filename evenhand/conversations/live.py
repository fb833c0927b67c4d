"""What just happened, told to whoever looks at the desk now. Numbers only: no word of a customer goes this way."""

from __future__ import annotations

import orjson
from django.db import connection

CHANNEL = "evenhand_live"


def tell(what: str, **about: object) -> None:
    """Say it when the transaction commits, to every web process that listens."""
    payload = orjson.dumps({"what": what, **about}).decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
