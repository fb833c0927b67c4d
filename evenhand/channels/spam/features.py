"""What a letter looks like to the classifier: its words, its links, its make-up. Never who wrote it, or for whom."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from evenhand.channels.reading import Authentication, Letter

SPACE = 1 << 17  # places that features are hashed into
FEWEST_SPAM, FEWEST_WANTED = 20, 100  # letters below which nothing is learned
LONGEST = 20_000  # characters looked at
MOST_LINKS = 50
FEWEST_WORDS = 12
WORD = re.compile(r"[^\W\d_][\w'’-]{1,29}|[$€£¥%!]{1,4}|\d{1,3}%")
SCRIPTIO_CONTINUA = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
LINK = re.compile(r"https?://[^\s<>\"']{3,300}", re.IGNORECASE)
IMAGE = re.compile(r"<img\b", re.IGNORECASE)
# Headers that say by being there how a letter was made; their words are the sender's own.
MARKS = ("list-unsubscribe", "list-id", "precedence", "x-priority", "x-msmail-priority", "in-reply-to", "references",
         "user-agent", "x-mailer", "reply-to", "dkim-signature")  # fmt: skip


def says_enough(said: Letter) -> bool:
    """Whether there are words to judge by: two lines with a picture are nothing to be sure of."""
    words = {*_words(said.subject[:500]), *_words(said.text[:LONGEST])}
    return len(words) >= FEWEST_WORDS


def features(said: Letter, verdict: Authentication) -> frozenset[int]:
    """The places of everything that is true of a letter."""
    return frozenset(zlib.crc32(each.encode("utf-8", "replace")) % SPACE for each in _said_of(said, verdict))


def _said_of(said: Letter, verdict: Authentication) -> Iterator[str]:
    yield from (f"s:{word}" for word in _words(said.subject[:500]))
    text = said.text[:LONGEST]
    yield from (f"t:{word}" for word in _words(text))
    yield from _links(text + " " + said.html[:LONGEST])
    yield from _make(said)
    yield f"v:{verdict.passed}"


def _words(text: str) -> Iterator[str]:
    for found in WORD.finditer(text):
        word = found[0]
        yield word.casefold()
        if len(word) > 3 and word.isupper():
            yield "SHOUTS"
    for found in SCRIPTIO_CONTINUA.finditer(text):  # written without spaces: each two letters
        yield from (found[0][at : at + 2] for at in range(len(found[0]) - 1))


def _links(text: str) -> Iterator[str]:
    links = [found[0] for found in LINK.finditer(text)][:MOST_LINKS]
    yield f"links:{min(len(links), 10) // 2}"
    for link in links:
        try:
            host = (urlsplit(link).hostname or "").lower()
        except ValueError:
            yield "link:odd"
            continue
        yield "link:number" if host.replace(".", "").isdigit() else f"link:{'.'.join(host.split('.')[-2:])}"


def _make(said: Letter) -> Iterator[str]:
    names = {name.lower() for name, _ in said.headers}
    yield from (f"h:{mark}" for mark in MARKS if mark in names)
    yield f"html:{bool(said.html)}:{min(len(said.text) // 400, 5)}"
    yield f"images:{min(len(IMAGE.findall(said.html[:LONGEST])), 3)}"
    yield f"language:{said.language}"
    yield f"to:{min(len(said.to), 3)}:cc:{min(len(said.cc), 3)}"
    yield from (f"file:{each.name.rpartition('.')[2].lower()[:8]}" for each in said.attachments[:20])
    yield from ("odd" for each in said.problems if "date" in each or "mixes" in each or "shows an address" in each)
