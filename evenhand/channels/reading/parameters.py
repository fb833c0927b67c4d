"""`Content-Type` and its like: a value and its parameters, by RFC 2231, RFC 2047 and what is really written."""

import re
from urllib.parse import unquote_to_bytes

from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.words import decode_words, one_line

PIECE = re.compile(rb'([^\s=;"]{1,80})\s{0,20}=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;"]*))', re.DOTALL)
TYPE = re.compile(rb"\s{0,200}([^\s/,]{1,80})\s{0,20}/\s{0,20}([^\s/,]{1,127})")
SECTION = re.compile(r"([^*]+)(?:\*(\d{1,5}))?(\*?)\Z")
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
GLUED = re.compile(
    rb"\s(?:name|filename|charset|boundary|format|size|type|site|mode|server|access-type)\*?\d*\*?=.*",
    re.DOTALL | re.IGNORECASE,
)


def parameters(value: bytes, hint: str = "") -> tuple[str, dict[str, str]]:
    """The value in lower case, and its parameters by lower-case name, continuations joined and charsets decoded."""
    head, _, rest = value.partition(b";")
    if b"=" in head and b"/" not in head.split(b"=")[0]:
        head, rest = b"", value
    elif glued := GLUED.search(head):
        head, rest = head[: glued.start()], head[glued.start() :] + b";" + rest
    found: dict[str, bytes] = {}
    for match in PIECE.finditer(rest):
        key = match.group(1).decode("ascii", "replace").lower()
        found.setdefault(key, content_of(match))
    typed = TYPE.match(head)
    value = b"/".join(typed.groups()) if typed else (head.split() or [b""])[0]
    return value.decode("ascii", "replace").lower(), joined(found, hint)


def content_of(match: re.Match[bytes]) -> bytes:
    """A value, out of its quotes. Only `\\"` and `\\\\` are escapes: Windows writes bare backslashes in file names."""
    if match.group(2) is None:
        return match.group(3).strip()
    return re.sub(rb'\\(["\\])', rb"\1", match.group(2)) if b"\\" in match.group(2) else match.group(2)


def joined(found: dict[str, bytes], hint: str) -> dict[str, str]:
    """Continuations (`name*0*=`, `name*1=`) put together in their order; a plain name is the fallback of its extended one."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for key, raw in found.items():
        match = SECTION.match(key)
        if "*" not in key or not match:
            plain[key] = one_line(decode_words(raw, hint))
            continue
        sections.setdefault(match.group(1), {})[int(match.group(2) or 0)] = (raw, bool(match.group(3)))
    for key, numbered in sections.items():
        plain[key] = one_line(extended([numbered[number] for number in sorted(numbered)], hint))
    return plain


def extended(sections: list[tuple[bytes, bool]], hint: str) -> str:
    """Text of `charset'language'%41%42` in sections, of which each says for itself whether it is percent-encoded."""
    charset, (first, encoded) = "", sections[0]
    if encoded and first.count(b"'") >= 2:
        name, _, first = first.split(b"'", 2)
        charset = name.decode("ascii", "replace")
    raw = b"".join(unquote_to_bytes(part) if percent else part for part, percent in [(first, encoded), *sections[1:]])
    return decode(raw, charset, hint) if charset else decode_words(raw, hint)
