"""The mail process: the SMTP door and the rounds to mailboxes elsewhere, until it is told to close."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
import threading
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from . import lmtp
from .door import Door, House
from .imap.rounds import Rounds

GRACE = 5  # seconds for letters that are on their way in when we are told to stop


def tls() -> ssl.SSLContext | None:
    """STARTTLS, where a certificate is given."""
    if not settings.EVENHAND_SMTP_CERTIFICATE:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(Path(settings.EVENHAND_SMTP_CERTIFICATE), settings.EVENHAND_SMTP_KEY or None)
    return context


def run(host: str, port: int) -> None:
    """Serve SMTP, and fetch, until SIGINT or SIGTERM. Raises OSError where the address cannot be used."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # a line for each command of each sender is no use to anyone
    asyncio.run(serve(host, port))


async def serve(host: str, port: int) -> None:
    loop, stop, house, context = asyncio.get_running_loop(), asyncio.Event(), House(), tls()
    name = settings.EVENHAND_ADDRESS.rpartition("@")[2]
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: Door(house, settings.EVENHAND_LETTER_BYTES, name, context), host, port, backlog=512
    )
    local = await lmtp.serve(house, name, context)
    logging.getLogger("evenhand.mail").info("SMTP on %s:%s", host, port)
    rounds = Rounds()
    walking = threading.Thread(target=rounds.run, name="rounds", daemon=True)
    walking.start()
    await stop.wait()
    server.close()
    if local:
        local.close()
    rounds.stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(house.intake.close(), GRACE)
    await asyncio.to_thread(walking.join, GRACE)
