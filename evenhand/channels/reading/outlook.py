"""Letters that Outlook saved (.msg, MS-OXMSG), written as the letters they were, so that one reader reads both.

What is written here is only ever read again, never sent or kept: the file itself is.
"""

import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from evenhand.channels.reading import limits, mapi, packed_rtf
from evenhand.channels.reading.compound import SIGNATURE, Compound, UnreadableFileError
from evenhand.channels.reading.outlook_item import PROPERTIES, Item, code_page
from evenhand.channels.reading.richtext import page_in, words_of

WITHIN = "__substg1.0_3701000d"
FIELD = re.compile(r"([!-9;-~]{1,200})[ \t]*:")
ADDRESS = re.compile(r"[^\s<>\"(),:;@\x00-\x20]{1,64}@[^\s<>\"(),:;@\x00-\x20]{1,255}\Z")
PLAIN_WORDS = re.compile(r"[A-Za-z0-9 .'_-]*\Z")
TYPE = re.compile(r"[a-z]{1,40}/[\w.+-]{1,100}\Z", re.ASCII)
# What says how the letter was encoded, which here it is anew.
ENCODING_FIELDS = re.compile(r"(?:content-.*|mime-version)\Z")
ROLES = {1: "To", 2: "Cc", 3: "Bcc"}
BY_REFERENCE = (2, 3, 4, 7)
DAMAGED = "The file is damaged; what could be read is shown."


@dataclass(frozen=True, slots=True)
class Saved:
    """The letter, and what of the file could not be read, in sentences."""

    raw: bytes
    problems: tuple[str, ...]


@dataclass(slots=True)
class Writing:
    """One file on its way to a letter."""

    file: Compound
    boundary: str
    boundaries: int = 0
    problems: list[str] = field(default_factory=list)

    def together(self, kind: str, parts: list[bytes]) -> bytes:
        """Parts as one. The boundary has the digest of the file in it, so that nothing in the file can contain it."""
        self.boundaries += 1
        line = f"--{self.boundary}-{self.boundaries}".encode()
        head = f'Content-Type: multipart/{kind}; boundary="{line[2:].decode()}"'
        return part([head], b"".join(b"%s\r\n%s\r\n" % (line, each) for each in parts) + line + b"--\r\n")


def saved_letter(raw: bytes) -> Saved:
    """The letter in the file.

    Raises:
        UnreadableFileError: there is none.
        PastLimitError: it is past one of the limits of letters.
    """
    if len(raw) > limits.MAX_BYTES:
        raise limits.PastLimitError(f"it is larger than {limits.MAX_BYTES // 1024 // 1024} MB")
    file = Compound(raw)
    if PROPERTIES not in file.root.streams:
        raise UnreadableFileError("there is no letter in it")
    writing = Writing(file, sha256(raw).hexdigest()[:32])
    letter = letter_of(writing, Item.of(file, file.root, 32), 0)
    return Saved(letter, (*dict.fromkeys(writing.problems), *([DAMAGED] if file.damaged else [])))


def as_letter(raw: bytes) -> bytes:
    """A letter in a file as the letter it was; what is no file of Outlook's, or none that can be read, as it is."""
    if not raw.startswith(SIGNATURE):
        return raw
    with suppress(UnreadableFileError, limits.PastLimitError, ValueError, IndexError, struct.error):
        return saved_letter(raw).raw
    return raw


def letter_of(writing: Writing, item: Item, depth: int) -> bytes:
    """One letter with all that it holds."""
    if depth > limits.MAX_DEPTH:
        raise limits.PastLimitError(f"its letters are nested more than {limits.MAX_DEPTH} deep")
    head = "".join(f"{line}\r\n" for line in headers(item)).encode("utf-8", "replace")
    attached = item.within("__attach")
    if sealed(item) and len(attached) == 1 and (signed := as_signed(attached[0])):
        return head + signed
    files = [each for one in attached if (each := file_of(writing, one, item, depth))]
    shown = page(item)
    words = [each for each in (plain_words(item, shown), shown) if each]
    body = words[0] if len(words) == 1 else writing.together("alternative", words) if words else part([], b"")
    return head + (writing.together("mixed", [body, *files]) if files else body)


def sealed(item: Item) -> bool:
    return item.line(mapi.CLASS).lower().startswith("ipm.note.smime")


def as_signed(file: Item) -> bytes:
    """The whole letter as it was signed, with the header of its own that it has then; else b""."""
    content = file.binary(mapi.FILE_CONTENT) if file.line(mapi.MIME_TYPE).lower() == "multipart/signed" else b""
    return content if FIELD.match(content[:200].decode("latin-1")) else b""


def headers(item: Item) -> Iterator[str]:
    """The header as it came over the net, where the file holds it; what it does not say, from the properties."""
    said = set()
    for name, value in fields(item.text(mapi.TRANSPORT_HEADERS)):
        if not ENCODING_FIELDS.match(name.lower()):
            said.add(name.lower())
            yield f"{name}:{value}"
    for name, value in known(item):
        if value and name.lower() not in said:
            yield f"{name}: {value}"


def fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields of a header, up to its first empty line."""
    name, value = "", ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        match = FIELD.match(line)
        if name and (not line.strip() or match):
            yield name, value
        if name and not line.strip():
            return
        if match:
            name, value = match[1], line[match.end() :]
        elif name:
            value += "\r\n " + line.strip()
    if name:
        yield name, value


def known(item: Item) -> Iterator[tuple[str, str]]:
    """The fields that its properties make."""
    yield "From", next(filter(None, (mailbox(item, each) for each in mapi.WRITERS)), "")
    people = [(ROLES.get(each.number(mapi.ROLE) & 0xF, ""), mailbox(each, mapi.RECIPIENT))
              for each in item.within("__recip")[: limits.MAX_MAILBOXES]]  # fmt: skip
    for role in ROLES.values():
        yield role, ",\r\n ".join(box for played, box in people if played == role and box)
    yield "Subject", encoded(item.line(mapi.SUBJECT))
    moment = item.moment(mapi.SENT, mapi.DELIVERED)
    yield "Date", format_datetime(moment) if moment else ""
    for name, which in (("Message-ID", mapi.MESSAGE_ID), ("In-Reply-To", mapi.IN_REPLY_TO)):
        yield name, item.line(which)
    yield "References", item.line(mapi.REFERENCES)


def mailbox(item: Item, properties: tuple[int, int, int]) -> str:
    """Name and address. What a mail system knows somebody by among its own is no address, and is left out."""
    name = item.line(properties[0]).strip("'\"").replace("<", "").replace(">", "")
    address = next((each for which in properties[1:] if ADDRESS.match(each := item.line(which))), "")
    return f"{encoded(name if name != address else '')} <{address}>".lstrip() if address else encoded(name)


def encoded(text: str) -> str:
    """Text as it may stand in a header."""
    return text if PLAIN_WORDS.match(text) else f"=?utf-8?b?{b64encode(text.encode('utf-8', 'replace')).decode()}?="


def part(head: list[str], body: bytes) -> bytes:
    return "".join(f"{line}\r\n" for line in head).encode("utf-8", "replace") + b"\r\n" + body


def plain_words(item: Item, shown: bytes) -> bytes:
    """Its plain version; where it has neither that nor a page, the words of its rich text."""
    text = item.text(mapi.PLAIN)
    if not text.strip() and not shown and (rich := packed_rtf.unpacked(item.binary(mapi.RTF))):
        text = words_of(rich)
    kind = "Content-Type: text/plain; charset=utf-8"
    return part([kind, "Content-Transfer-Encoding: binary"], text.encode("utf-8", "replace")) if text.strip() else b""


def page(item: Item) -> bytes:
    """Its HTML, which an older Outlook keeps inside its rich text."""
    html, charset = item.binary(mapi.HTML), code_page(item.number(mapi.PAGE_CODE_PAGE))
    if not html:
        text = item.text(mapi.HTML) or page_in(packed_rtf.unpacked(item.binary(mapi.RTF)))
        html, charset = text.encode("utf-8", "replace"), "utf-8"
    kind = "Content-Type: text/html" + (f"; charset={charset}" if charset else "")
    return part([kind, "Content-Transfer-Encoding: binary"], html) if html.strip() else b""


def file_of(writing: Writing, file: Item, letter: Item, depth: int) -> bytes:
    """One file; b"" where there is nothing to show, which is said."""
    name = file.line(mapi.LONG_NAME) or file.line(mapi.SHORT_NAME) or file.line(mapi.DISPLAY_NAME)
    inner = file.storage.storages.get(WITHIN)
    if inner is not None and PROPERTIES in inner.streams:
        content = letter_of(writing, Item.of(writing.file, inner, 24, letter.codec), depth + 1)
        return part([*described("message/rfc822", name, file)], content)
    if inner is not None or file.number(mapi.METHOD) in BY_REFERENCE:
        where = "is only named in the letter" if inner is None else "is an object of another program"
        path = file.line(mapi.PATH)
        writing.problems.append(f"“{name or path or 'A file'}” {where} and cannot be opened here.")
        return b""
    content = file.binary(mapi.FILE_CONTENT)
    kind = file.line(mapi.MIME_TYPE).lower()
    kind = "application/pkcs7-mime" if sealed(letter) else kind
    kind = kind if TYPE.match(kind) and not kind.startswith("multipart/") else "application/octet-stream"
    return part([*described(kind, name, file)], content)


def described(kind: str, name: str, file: Item) -> Iterator[str]:
    yield f"Content-Type: {kind}"
    yield "Content-Disposition: attachment" + (f"; filename*=utf-8''{quote(name, safe='')}" if name else "")
    yield "Content-Transfer-Encoding: binary"
    if content_id := file.line(mapi.CONTENT_ID).strip("<> "):
        yield f"Content-ID: <{content_id}>"
