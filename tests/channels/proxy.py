"""A bad line: passes bytes on to a server, cuts connections off after so many of them, and takes its time."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import suppress
from typing import Self


class Line:
    """`cuts` draws after how many bytes of the server's a connection ends; None: it does not."""

    def __init__(self, port: int, seed: int = 0, longest: int | None = None, pause: float = 0.0) -> None:
        self.to, self.chance, self.longest, self.pause = port, random.Random(seed), longest, pause
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=(ours,), daemon=True).start()

    def _carry(self, ours: socket.socket) -> None:
        try:
            theirs = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            ours.close()
            return
        threading.Thread(target=self._copy, args=(ours, theirs, None), daemon=True).start()
        self._copy(theirs, ours, self.chance.randrange(self.longest) if self.longest else None)

    def _copy(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with suppress(OSError):
            while data := source.recv(8192):
                time.sleep(self.pause)
                if left is not None and len(data) >= left:
                    sink.sendall(data[:left])
                    self.cuts += 1
                    break
                left = None if left is None else left - len(data)
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
