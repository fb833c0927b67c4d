"""Plain text as it was meant: charset, flowed lines, line ends, nothing invisible."""

import re

from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.part import Part

ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
LINE_ENDS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
TAG = re.compile(r"<(/?)([A-Za-z-]{1,40})>")
TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def plain_text(part: Part, data: bytes, hint: str = "") -> str:
    """The text of a plain part; `format=flowed` paragraphs are joined (RFC 3676)."""
    text = tidy(decode(data, part.params.get("charset", ""), hint)).removeprefix("\ufeff")
    if part.params.get("format", "").lower() == "flowed":
        text = unflowed(text, part.params.get("delsp", "").lower() == "yes")
    return enriched(text) if part.type in ("text/enriched", "text/richtext") else text


def tidy(text: str) -> str:
    """One kind of line end, no NUL and other controls; a lone surrogate cannot be stored and becomes U+FFFD."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = ODD.sub("", LINE_ENDS.sub("\n", text))
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def unflowed(text: str, delete_space: bool) -> str:
    """Lines that end in a space run on in the next line of the same quote depth, except the signature mark."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        if words.startswith(" "):
            words = words[1:]
        flows = words.endswith(" ") and words != "-- "
        if delete_space and flows:
            words = words[:-1]
        if open_depth == depth and words != "-- ":
            out[-1].append(words)
        else:
            out.append([">" * depth + " " if depth else "", words])
        open_depth = depth if flows else -1
    return "\n".join(map("".join, out))


def enriched(text: str) -> str:
    """RFC 1896 as plain words: commands dropped, `<<` a bracket, single line ends spaces."""
    text = re.sub(r"(?is)<param>[^<]*</param>", "", text).replace("<<", "\0")
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return TAG.sub("", text).replace("\0", "<").replace("\n\n", "\n")
