"""Fetching letters from mailboxes elsewhere, by IMAP.

A letter is marked as read there only after it is stored here, so whatever dies in between, it is either still unread
there or here already; and what is fetched twice is a duplicate, which is recognised.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from .folder import Folder
from .hold import FOLDER, hold
from .importing import recipients
from .letter import Arrival, Letter

log = logging.getLogger("evenhand.mail")

TIMEOUT = 60  # seconds, for each answer of the server
TOGETHER = 20  # letters in one transaction
TOGETHER_BYTES = 16 * 1024 * 1024
OVERLAP = timedelta(days=2)  # how far before the last success we look again when the server has renumbered its letters


@dataclass(frozen=True, slots=True)
class Where:
    """A folder on a server, from `imaps://user:password@host:port/folder`."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str

    @classmethod
    def of(cls, url: str) -> Where:
        parts = urlsplit(url)
        tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (993 if tls else 143),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    @property
    def name(self) -> str:
        """What it is known by; never the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:300]

    @property
    def here(self) -> bool:
        """Whether the server is on this very machine, where a password needs no TLS."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def fetch_all() -> int:
    """Fetch from every folder in EVENHAND_IMAP whose turn it is. How many letters came."""
    return sum(fetch(Where.of(url)) for url in settings.EVENHAND_IMAP)


def fetch(where: Where) -> int:
    """Fetch what is new in one folder. What goes wrong is kept with it, as a sentence, and it is tried again later."""
    folder = Folder.at(where.name)
    if folder.next_try_at > timezone.now():
        return 0
    with hold(FOLDER, folder.pk) as held:
        if not held:
            return 0
        try:
            with connected(where) as client:
                count = take(folder, where.folder, client)
        except (IMAPClientError, OSError) as error:
            folder.failed(said(where, error))
            log.warning("%s: %s", where.name, folder.error)
            return 0
        folder.succeeded()
        return count


def connected(where: Where) -> IMAPClient:
    """A connection, signed in. Raises IMAPClientError or OSError."""
    context = ssl.create_default_context()
    client = IMAPClient(
        where.host, where.port, ssl=where.tls, ssl_context=context if where.tls else None, timeout=TIMEOUT
    )
    if not where.tls and not where.here:
        client.starttls(context)  # raises where the server has no TLS: a password is not sent in the clear
    client.login(where.user, where.password)
    return client


def said(where: Where, error: Exception) -> str:
    """What is wrong, and what to do about it."""
    if isinstance(error, LoginError):
        return f"{where.host} refuses the user name or the password."
    if isinstance(error, ssl.SSLError):
        return f"The certificate of {where.host} cannot be trusted, or it speaks no TLS on port {where.port}."
    if isinstance(error, OSError):
        return f"{where.host} cannot be reached on port {where.port}: {error}."
    return f"{where.host} answers: {error}."


def take(folder: Folder, name: str, client: IMAPClient) -> int:
    """Store every letter that is new in the selected folder. Its place is moved only past what is stored."""
    chosen = client.select_folder(name)
    validity, following = int(chosen[b"UIDVALIDITY"]), int(chosen[b"UIDNEXT"])
    known = folder.uidvalidity == validity
    uids = sorted(uid for uid in client.search(criteria(folder, known)) if not known or uid > folder.last_uid)
    for together in batches(client, uids):
        arrivals = [Arrival(raw, "imap", envelope_to=recipients(raw)) for raw in raws(client, together)]
        with transaction.atomic():
            Letter.keep_all(arrivals)
            if known:
                folder.move(validity, together[-1])
        client.add_flags(together, [SEEN], silent=True)
    if not known:
        folder.move(validity, max([following - 1, *uids]))
    return len(uids)


def criteria(folder: Folder, known: bool) -> list[Any]:
    """All after the last one. In a new folder what is unread, for the rest has been dealt with elsewhere; where the
    server has renumbered its letters, all since shortly before we last looked."""
    if known:
        return ["UID", f"{folder.last_uid + 1}:*"]
    if folder.last_success_at is None:
        return ["UNSEEN"]
    return ["SINCE", (folder.last_success_at - OVERLAP).date()]


def batches(client: IMAPClient, uids: Sequence[int]) -> Iterator[list[int]]:
    """The letters in their order, so many together that their sum stays small."""
    together: list[int] = []
    size = 0
    for start in range(0, len(uids), 500):
        sizes = client.fetch(uids[start : start + 500], ["RFC822.SIZE"])
        for uid in uids[start : start + 500]:
            one = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
            if together and (len(together) == TOGETHER or size + one > TOGETHER_BYTES):
                yield together
                together, size = [], 0
            together.append(uid)
            size += one
    if together:
        yield together


def raws(client: IMAPClient, uids: list[int]) -> list[bytes]:
    """The letters as they are there, byte for byte and without being marked; one that was deleted meanwhile is left out."""
    found = client.fetch(uids, ["BODY.PEEK[]"])
    return [found[uid][b"BODY[]"] for uid in uids if b"BODY[]" in found.get(uid, {})]
