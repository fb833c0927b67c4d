"""Addresses out of From, To and their like (RFC 5322 with its obsolete forms), and what must not be believed in them.

An address is only what stands alone or between angle brackets, whole: a value from which two readers would take two
different addresses (CVE-2023-27043) has none. Every function is linear in the length of the value.
"""

import re
import unicodedata

from evenhand.channels.reading import limits
from evenhand.channels.reading.letter import Mailbox
from evenhand.channels.reading.words import decode_words, one_line

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|\[[0-9A-Za-z:.]{2,60}\]|\\.|[^"\\()<>,;:\[\]\s]+|\s+|.', re.DOTALL)
ENCODED_WHOLE = re.compile(r"([^<>@]{0,200})<([^<>\s]{3,320})>")
MAILTO = re.compile(rb"\A\s*mailto:", re.IGNORECASE)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
LOCAL = r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]{1,128}"
QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f]){0,128}"'
LABEL = r"[A-Za-z0-9_\u0080-\U0010ffff](?:[A-Za-z0-9_\-\u0080-\U0010ffff]{0,62})"
ADDRESS = re.compile(rf"(?:{LOCAL}|{QUOTED})@(?:{LABEL}(?:\.{LABEL})*|\[[0-9A-Za-z:.]{{2,60}}\])\Z")
MAX_ADDRESS = 320
# Local mailboxes that sign without a domain.
LOCAL_NAMES = {"mailer-daemon", "postmaster", "root", "mail-daemon", "mailerdaemon"}


class Group:
    """The pieces of one mailbox as they are gathered from the tokens of a header."""

    __slots__ = ("angle", "angled", "comments", "flawed", "phrase")

    def __init__(self) -> None:
        self.phrase: list[bytes] = []
        self.angle: list[bytes] = []
        self.angled = False
        self.comments: list[bytes] = []
        self.flawed = False


def mailboxes(value: bytes, hint: str = "") -> tuple[Mailbox, ...]:
    """The mailboxes of a header value in their order; an address that cannot be trusted to be one is left empty."""
    found: list[Mailbox] = []
    pending = b""
    for group in groups_of(value):
        if not group.angled and not group.comments and group.phrase and b"@" not in (text := b"".join(group.phrase)):
            pending += text + b","  # "Doe, Jane <jane@…>" written without quotes
            continue
        if pending and group.angled:
            group.phrase.insert(0, pending)
        elif pending:
            found += bare(pending, hint)
        pending = b""
        found.append(mailbox_of(group, hint))
        if len(found) >= limits.MAX_MAILBOXES:
            break
    found += bare(pending, hint)
    return tuple(found)


def bare(pending: bytes, hint: str) -> list[Mailbox]:
    """Names without any address: a local mailbox by its name, else only a name.

    Some programs encode name and brackets and all: what then stands in the brackets is the only address there is.
    """
    boxes = []
    for text in pending.split(b","):
        name = phrase_of(text, hint)
        if b"=?" in text and (whole := ENCODED_WHOLE.fullmatch(name)):
            boxes.append(Mailbox(whole.group(1).strip(' "'), trusted(whole.group(2).encode())))
        elif name:
            boxes.append(Mailbox("", name) if name.lower() in LOCAL_NAMES else Mailbox(name, ""))
    return boxes


def groups_of(value: bytes) -> list[Group]:
    """The value cut at its commas and semicolons, outside quotes, brackets and comments."""
    groups, group = [], Group()
    depth, comment, inside = 0, bytearray(), False
    for match in TOKEN.finditer(value):
        token = match.group()
        if depth:
            depth += (token == b"(") - (token == b")")
            if depth:
                comment += token
            else:
                group.comments.append(bytes(comment))
            continue
        if token == b"(":
            depth, comment = 1, bytearray()
        elif inside:
            if token == b">":
                inside = False
            elif token == b"<":
                group.flawed = True
            else:
                group.angle.append(token)
        elif token == b"<":
            group.flawed |= group.angled
            group.angled = inside = True
        elif token in (b",", b";"):
            groups.append(group)
            group = Group()
        elif token == b":" and not group.angled:
            group = named_list(group)
        elif group.angled and token.strip():
            group.flawed = True
            group.phrase.append(token)
        else:
            group.phrase.append(token)
        if len(groups) > limits.MAX_MAILBOXES:
            break
    if depth:
        group.comments.append(bytes(comment))
        group.flawed |= not group.angled and bool(group.phrase)
    return [one for one in [*groups, group] if one.phrase or one.angle or one.comments]


def named_list(group: Group) -> Group:
    """`Team: a@x, b@x;` names a list, not a person. A colon inside what looks like an address spoils it."""
    fresh = Group()
    fresh.flawed = b"@" in b"".join(group.phrase)
    return fresh


def mailbox_of(group: Group, hint: str) -> Mailbox:
    """Name and address of one mailbox."""
    name = phrase_of(b"".join(group.phrase), hint)
    remark = one_line(decode_words(b" ".join(group.comments), hint))
    if group.angled:
        inner = b"".join(group.angle)
        route, _, after = inner.rpartition(b":") if inner.lstrip().startswith(b"@") else (b"", b"", inner)
        address = "" if group.flawed else trusted(MAILTO.sub(b"", after, count=1))
        return Mailbox(name or remark, address) if address or name or remark else Mailbox(shown(route + after), "")
    raw = b"".join(group.phrase)
    address = "" if group.flawed or (group.comments and not ends_cleanly(raw)) else trusted(raw)
    if address:
        return Mailbox(remark, address)
    if name.lower() in LOCAL_NAMES:
        return Mailbox(remark, name)
    return Mailbox(f"{name} ({remark})" if remark and name else name or remark, "")


def ends_cleanly(raw: bytes) -> bool:
    """Whether a comment stood beside the address and not in the midst of it."""
    return raw[:1].isspace() or raw[-1:].isspace() or b"@" in raw.strip()


def trusted(raw: bytes) -> str:
    """The address, if these bytes are wholly one; "" if they are anything else."""
    raw = raw.strip()
    if len(raw) > MAX_ADDRESS or b"=?" in raw:
        return ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if any(unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co", "Zs", "Zl", "Zp") for char in text if char > "\x7f"):
        return ""
    return plainly_written(text.rstrip(".")) if ADDRESS.match(text.rstrip(".")) else ""


def plainly_written(address: str) -> str:
    """The address with a domain of mixed alphabets written in its ASCII form, so that it cannot pass for another."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    if mixed(domain):
        try:
            return local + "@" + domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return local + "@" + domain


def mixed(text: str) -> bool:
    """Whether letters of Latin stand together with those of Cyrillic, Greek or another look-alike alphabet."""
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha()}
    return (
        len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH", "MATHEMATICAL"}) > 1
    )


def phrase_of(raw: bytes, hint: str) -> str:
    """A display name out of its quotes, encoded words decoded, fit for one line."""
    raw = raw.strip()
    if b'"' in raw:
        raw = re.sub(rb'"((?:[^"\\]|\\.)*)"?', lambda match: re.sub(rb"\\(.)", rb"\1", match.group(1)), raw)
    return shown(raw, hint).strip(",").strip()


def shown(raw: bytes, hint: str = "") -> str:
    text = one_line(decode_words(raw, hint))
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "'" else text
