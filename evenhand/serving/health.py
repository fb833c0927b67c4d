"""`GET /healthz`: 200 when this process and its database are well, 503 with the reason when not."""

from __future__ import annotations

import asyncio

import psycopg

from . import answer

SOON = 3.0  # seconds a database may take to answer


class Health:
    """Asks over one connection of its own, so that the answer does not wait for a page's turn."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection: psycopg.AsyncConnection | None = None
        self.asking = asyncio.Lock()

    async def __call__(self, send: answer.Send) -> None:
        try:
            async with self.asking, asyncio.timeout(SOON):
                await self._ask()
        except (psycopg.Error, OSError, TimeoutError):
            await self.close()
            await answer.text(send, 503, "database: does not answer\n")
        else:
            await answer.text(send, 200, "ok\n")

    async def _ask(self) -> None:
        if self.connection is None or self.connection.closed:
            self.connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
        await self.connection.execute("SELECT 1")

    async def close(self) -> None:
        if self.connection:
            await self.connection.close()
            self.connection = None
