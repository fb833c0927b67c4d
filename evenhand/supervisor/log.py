"""One readable log for all parts: the time, the part's name, its line."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TextIO

NAME_WIDTH = 8
LONGEST_LINE = 8000  # bytes; a longer one is cut in pieces, so that no part can fill our memory
COLOURS = {"evenhand": "1", "database": "34", "web": "32", "worker": "35", "mail": "36"}


class Log:
    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.coloured = self.stream.isatty()

    def say(self, part: str, line: str) -> None:
        """Write one line. What a line carries from outside cannot forge another line or move the cursor."""
        name = part.ljust(NAME_WIDTH)
        if self.coloured:
            name = f"\x1b[{COLOURS.get(part, '0')}m{name}\x1b[0m"
        clean = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)
        try:
            self.stream.write(f"{time.strftime('%H:%M:%S')} {name} {clean}\n")
            self.stream.flush()
        except OSError:  # nobody reads the log any more; that is no reason to stop the desk
            pass

    async def follow(self, part: str, lines: asyncio.StreamReader) -> None:
        """Copy a part's output until it ends."""
        rest = b""
        while chunk := await lines.read(LONGEST_LINE):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) >= LONGEST_LINE:
                whole, rest = [*whole, rest], b""
            for line in whole:
                self._copy(part, line)
        if rest:
            self._copy(part, rest)

    def _copy(self, part: str, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip().expandtabs(4)
        if text:
            self.say(part, text)
