"""The structure of a letter: a tree of slices of its raw bytes.

Nothing is copied or written again, so a letter within a letter is exactly what arrived (a signature over it still
checks), and a limit is met before anything is decoded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evenhand.channels.reading import limits
from evenhand.channels.reading.headers import Headers, header_end
from evenhand.channels.reading.parameters import parameters
from evenhand.channels.reading.transfer import decoded

KNOWN_MULTIPARTS = {
    "mixed",
    "alternative",
    "related",
    "digest",
    "report",
    "signed",
    "parallel",
    "encrypted",
    "form-data",
    "appledouble",
    "x-mixed-replace",
    "voice-message",
}

# Encodings, and what is left of their names without the dashes that some writers put elsewhere.
ENCODINGS = {b"base64": b"base64", b"quotedprintable": b"quoted-printable"}
SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


MOST_GUESSES = 10  # each is looked for in the whole part
PAGE = re.compile(rb"\s{0,200}(?:<!doctype html|<html[\s>])", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """One entity of the letter: its headers, its type, and where its body stands in the raw bytes."""

    raw: bytes = field(repr=False)
    headers: Headers
    start: int
    body: int
    end: int
    type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_params: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)
    flaw: str = ""

    def walk(self) -> Iterator["Part"]:
        """This part and all within it, in the order of the letter."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def multipart(self) -> bool:
        return bool(self.children)

    @property
    def subtype(self) -> str:
        return self.type.partition("/")[2]

    def content(self) -> bytes:
        """The body, its transfer encoding undone; damage is noted in `flaw`."""
        encoding = self.headers.raw("content-transfer-encoding").partition(b";")[0].strip(b" \t\"'").lower()
        encoding = ENCODINGS.get(encoding.translate(None, b"-_ "), encoding)
        data, flaw = decoded(self.raw[self.body : self.end], encoding.decode("ascii", "replace"))
        self.flaw = self.flaw or flaw
        return data


def structure(raw: bytes, start: int = 0) -> Part:
    """The letter as a tree of parts.

    Raises:
        PastLimitError: deeper, of more parts, or with larger headers than a letter may have.
    """
    return entity(raw, start, len(raw), 0, [0], "text/plain")


def entity(raw: bytes, start: int, end: int, depth: int, count: list[int], default: str) -> Part:
    """The part at raw[start:end] with all that it holds."""
    count[0] += 1
    if count[0] > limits.MAX_PARTS:
        raise limits.PastLimitError(f"it has more than {limits.MAX_PARTS:,} parts")
    if depth > limits.MAX_DEPTH:
        raise limits.PastLimitError(f"its parts are nested more than {limits.MAX_DEPTH} deep")
    stop, body = header_end(raw, start, end)
    part = Part(raw, Headers(raw[start:stop]), start, min(body, end), end)
    describe(part, default)
    if part.type.startswith("multipart/"):
        divide(part, depth, count)
    elif part.type in SEALED:
        unseal(part, depth, count)
    return part


def unseal(part: Part, depth: int, count: list[int]) -> None:
    """A letter wrapped whole into its S/MIME signature becomes a child; one that is encrypted stays shut."""
    from evenhand.channels.reading.sealed import signed_content

    if inner := signed_content(part.content()):
        part.children.append(entity(inner, 0, len(inner), depth + 1, count, "text/plain"))


def describe(part: Part, default: str) -> None:
    """Type and disposition from the headers; what is no type at all is the default of its place."""
    kind, part.params = parameters(part.headers.raw("content-type"))
    major, _, minor = kind.partition("/")
    if not major or not minor:
        kind = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(
            major, default if not major else "text/plain"
        )
    part.type = kind
    if "content-type" not in part.headers and PAGE.match(part.raw, part.body, min(part.end, part.body + 2_000)):
        part.type = "text/html"
    disposition = part.headers.raw("content-disposition")
    if disposition:
        part.disposition, part.disposition_params = parameters(disposition)


def divide(part: Part, depth: int, count: list[int]) -> None:
    """The children between the boundary lines. Without any such line the part is text, and says so."""
    named = part.params.get("boundary", "").encode("utf-8", "replace")
    pieces = slices(part.raw, part.body, part.end, named) if named else []
    if not pieces and (guess := guessed_boundary(part, sure=not named)):
        pieces = slices(part.raw, part.body, part.end, guess)
    if not pieces:
        part.flaw = "A multipart has no parts; it is shown as text."
        part.type = "text/html" if part.raw[part.body : part.body + 200].lstrip()[:1] == b"<" else "text/plain"
        return
    default = "message/rfc822" if part.subtype == "digest" else "text/plain"
    for start, end in pieces:
        child = entity(part.raw, start, end, depth + 1, count, default)
        if same_boundary(part, child):
            part.type = child.type
        else:
            part.children.append(child)
    part.type = part.type if part.children else "text/plain"


def same_boundary(part: Part, child: Part) -> bool:
    """Whether an empty multipart names the boundary of the one it stands in: what follows is its content, not its sibling."""
    inner = parameters(child.headers.raw("content-type"))
    empty = not child.children and not child.raw[child.body : child.end].strip()
    if not (empty and inner[0].startswith("multipart/") and inner[1].get("boundary") == part.params.get("boundary")):
        return False
    child.type = inner[0]
    return True


def slices(raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """Where the pieces between the delimiter lines of one boundary begin and end, without the line ends around them."""
    mark = b"--" + boundary.rstrip()
    found: list[tuple[int, int]] = []
    opened, at = -1, raw.find(mark, start, end)
    while at >= 0:
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        rest = raw[at + len(mark) : line_end].strip() if line_end - at < len(mark) + 200 else b"too long"
        if (at == start or raw[at - 1 : at] == b"\n") and rest in (b"", b"--"):
            if opened >= 0:
                found.append((opened, without_line_end(raw, opened, at)))
                if len(found) > limits.MAX_PARTS:
                    raise limits.PastLimitError(f"it has more than {limits.MAX_PARTS:,} parts")
            opened = line_end
            if rest == b"--":
                return found
        at = raw.find(mark, line_end, end)
    if opened >= 0:
        found.append((opened, end))
    return found


def without_line_end(raw: bytes, start: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if at > start and raw[at - 1 : at] == b"\n":
        at -= 1
        if at > start and raw[at - 1 : at] == b"\r":
            at -= 1
    return at


def guessed_boundary(part: Part, sure: bool) -> bytes:
    """The boundary of a multipart that forgot to name it, or named another: its first line of two dashes that comes again.

    Unless it is `sure` that none was named, a header of a part must follow.
    """
    lines = part.raw[part.body : min(part.end, part.body + 4096)].split(b"\n")
    dashed = [
        (number, line) for number, line in enumerate(map(bytes.strip, lines)) if line[:2] == b"--" and len(line) > 4
    ]
    for number, line in dashed[:MOST_GUESSES]:
        times = part.raw.count(b"\n" + line, part.body, part.end) + (part.body == part.raw.find(line, part.body))
        followed = number + 1 < len(lines) and lines[number + 1][:8].lower() == b"content-"
        if (times > 1 and (sure or followed)) or (followed and not any(map(bytes.strip, lines[:number]))):
            return line[2:]
    return b""
