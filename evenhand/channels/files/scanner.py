"""ClamAV's word on a file, by the protocol of clamd (INSTREAM): the file goes there in pieces, the answer is one line."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT = 60  # seconds, for each step
PIECE = 1 << 16
CLEAN, FOUND = b"stream: OK", b" FOUND"


class Away(Exception):
    """The scanner cannot be asked, or did not answer as one does: nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where clamd listens: unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310."""

    url: SplitResult

    @classmethod
    def configured(cls) -> Self | None:
        return cls(urlsplit(settings.EVENHAND_CLAMAV)) if settings.EVENHAND_CLAMAV else None

    def threat_in(self, content: bytes) -> str:
        """The name of what it found; "" for nothing. Raises Away."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                for at in range(0, len(content), PIECE):
                    piece = content[at : at + PIECE]
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
                said = _line(connection)
        except OSError as error:
            raise Away(f"The scanner cannot be asked: {error}.") from error
        if said == CLEAN:
            return ""
        if said.endswith(FOUND):
            return said.removesuffix(FOUND).partition(b": ")[2].decode("utf-8", "replace") or "something"
        raise Away(f"The scanner answers: {said.decode('utf-8', 'replace')[:200] or 'nothing'}.")

    def _connected(self) -> socket.socket:
        if self.url.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(TIMEOUT)
            connection.connect(self.url.path)
            return connection
        return socket.create_connection((self.url.hostname or "127.0.0.1", self.url.port or 3310), TIMEOUT)


def _line(connection: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (more := connection.recv(4096)):
        said += more
    return said.rstrip(b"\0\n")
