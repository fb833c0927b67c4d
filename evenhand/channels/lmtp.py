"""LMTP (RFC 2033): the door for a mail server of one's own, which keeps no queue for us and is told of each recipient."""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path

from django.conf import settings

from .door import Door, House


class LocalDoor(Door):
    """The SMTP door, but greeted with LHLO, and with an answer for each recipient. A letter is one, for however many."""

    via = "lmtp"

    def _enter(self) -> bool:
        """Only a neighbour: what it says of a sender is believed."""
        return super()._enter() and not self.source

    async def smtp_LHLO(self, arg: str) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, arg: str) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    smtp_HELO = smtp_EHLO

    async def end(self, answer: str) -> None:
        for _ in self.envelope.rcpt_tos if self.envelope else ():
            await self.push(answer)


async def serve(house: House, name: str, tls: ssl.SSLContext | None) -> asyncio.Server | None:
    """Open it where EVENHAND_LMTP says, a socket of the file system or an address; None where it says nothing."""
    where, loop = settings.EVENHAND_LMTP, asyncio.get_running_loop()

    def door() -> LocalDoor:
        return LocalDoor(house, settings.EVENHAND_LETTER_BYTES, name, tls)

    if isinstance(where, Path):
        server = await loop.create_unix_server(door, where)
        os.chmod(where, 0o666)  # noqa: PTH101, S103 - the mail server is another user; what it may do is bring letters
        return server
    return await loop.create_server(door, where.host, where.port) if where else None
