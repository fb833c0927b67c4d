"""The SMTP door: a letter is accepted when, and only when, it is on the disk."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from .intake import Intake
from .letter import Arrival
from .sources import Sources, source_of

RECIPIENTS = 100  # RFC 5321, section 4.5.3.1.8: at least that many
IN_MEMORY = 256 * 1024 * 1024  # bytes of letters being received, all together
END = b".\r\n"
ADDRESS = re.compile(r"\s*<([^<>\s]*)>(.*)", re.DOTALL)

KEPT = "250 2.0.0 Stored"
AWAY = "451 4.3.0 It cannot be stored just now; please try again later"
TOO_LARGE = "552 5.3.4 The letter is larger than we can take"
NO_ROOM = "452 4.3.1 Too much at once; please try again later"
TOO_MANY = "452 4.5.3 Too many recipients"
TOO_FAST = "450 4.7.1 Too many letters from your network; please try again in a minute"


@dataclass(slots=True)
class House:
    """What all connections share."""

    intake: Intake = field(default_factory=Intake)
    sources: Sources = field(default_factory=Sources)
    received: int = 0  # bytes in memory


class Handler:
    """What is said to each step of a letter."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        if not self.house.sources.bring(source_of(session.peer[0] if session.peer else "")):
            return TOO_FAST
        envelope.mail_from = sender or "<>"
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(to)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Door, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        peer, helo = session.peer[0] if session.peer else "", session.host_name or ""
        arrival = Arrival(raw, server.via, envelope.mail_from or "", tuple(envelope.rcpt_tos), peer, helo)
        return KEPT if await self.house.intake.take(arrival) else AWAY


class Door(SMTP):
    """aiosmtpd, but reading a letter in large pieces, of lines of any length: real letters have lines past the 998
    characters of RFC 5322, and refusing those would lose them. The end is CR LF dot CR LF and nothing else."""

    line_length_limit = 64 * 1024  # of what is buffered at once
    via = "smtp"

    def __init__(self, house: House, size_limit: int, hostname: str, tls: ssl.SSLContext | None = None) -> None:
        self.house = house
        self.inside = False  # counted among the connected
        super().__init__(
            Handler(house),
            data_size_limit=size_limit,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident="Evenhand",
            tls_context=tls,
            timeout=120,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        again = self.transport is not None  # the same connection, now over TLS
        self.source = source_of(peer[0] if peer else "")
        if again or self._enter():
            super().connection_made(transport)
            return
        transport.write(b"421 4.7.0 Too many connections; please try again later\r\n")  # type: ignore[attr-defined]
        transport.close()

    def _enter(self) -> bool:
        self.inside = True
        return self.house.sources.enter(self.source)

    def connection_lost(self, error: Exception | None) -> None:
        if self.inside:
            self.inside = False
            self.house.sources.leave(self.source)
        if self.session is not None:  # None: it was turned away
            super().connection_lost(error)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Any address between angle brackets, however odd: a letter is not turned away for it."""
        found = ADDRESS.match(arg)
        return (found[1] or "<>", found[2]) if found else super()._getaddr(arg)

    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        received = bytearray()
        try:
            refusal = await self._receive(received)
            self.envelope.original_content = self.envelope.content = without_stuffing(received)
            await self.end(refusal or await self._call_handler_hook("DATA"))
        finally:
            self.house.received -= len(received)
            self.envelope = Envelope()

    async def end(self, answer: str) -> None:
        """Say what became of the letter."""
        await self.push(answer)

    async def _receive(self, received: bytearray) -> str:
        """Read until the end mark; what is past a limit is read and thrown away. The refusal, or ""."""
        refusal, tail = "", b"\r\n"  # the end mark's first CR LF may be that of the DATA command
        while True:
            try:
                piece, ended = await self._reader.readuntil(END), True
            except asyncio.LimitOverrunError as over:
                piece, ended = await self._reader.read(over.consumed), False
            self._reset_timeout()
            if not refusal:
                received += piece
                self.house.received += len(piece)
                refusal = self._no_room_for(len(received))
                if refusal:
                    self.house.received -= len(received)
                    received.clear()
            tail = (tail + piece)[-5:]
            if ended and tail == b"\r\n" + END:
                return refusal

    def _no_room_for(self, size: int) -> str:
        if self.data_size_limit and size > self.data_size_limit + len(END):
            return TOO_LARGE
        return NO_ROOM if self.house.received > IN_MEMORY else ""


def without_stuffing(received: bytearray) -> bytes:
    """The letter without its end mark and the dots that SMTP adds (RFC 5321, section 4.5.2)."""
    body = bytes(received[: -len(END)])
    return body.removeprefix(b".").replace(b"\r\n.", b"\r\n")
