"""An introduction on whose line the quote goes on, as the apps of Yahoo and AOL write it: two spaces or more stand between."""

import re

from evenhand.channels.reading.folding.marks import opens, wrote

RUN_ON = re.compile(r"\s{0,8}(\S[^<>]{8,200}<[^<>@\s]{1,80}@[^<>\s]{1,120}>[^<>:]{0,30}:)\s{2,}\S")


def runs_on(line: str) -> bool:
    """Whether a line says that somebody wrote something, and what: all below is quoted then, without a mark."""
    match = RUN_ON.match(line[:600])
    return match is not None and opens(match[1]) and wrote(match[1])
