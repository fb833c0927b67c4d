"""What PostgreSQL tells those who LISTEN, without end: a lost connection is made again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import psycopg
from psycopg import sql

AGAIN = ""  # the channel's name when the connection was lost and is back
FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0  # seconds
IDLE = 30.0  # seconds of silence after which the connection is tried
log = logging.getLogger(__name__)


async def listen(url: str, channels: tuple[str, ...]) -> AsyncIterator[tuple[str, str]]:
    """Notifications as (channel, payload); (AGAIN, "") after each gap in which some may have been missed."""
    delay, gap = FIRST_DELAY, False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                if gap:
                    yield AGAIN, ""
                delay = FIRST_DELAY
                while True:
                    async for notice in connection.notifies(timeout=IDLE):
                        yield notice.channel, notice.payload
                    await connection.execute("SELECT 1")
        except (psycopg.Error, OSError) as error:
            log.warning("Live events pause: %s", str(error).strip().split("\n")[0])
        gap = True
        await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY)
