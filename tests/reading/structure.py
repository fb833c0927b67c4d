"""How much of a letter's expected structure was found: the JSON of the corpus `stalwart` against what was read.

Run `python -m tests.reading.structure` for the score and what is missed.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.channels.reading import Letter, read_letter
from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.filename import harmless
from evenhand.channels.reading.page import text_of, tree_of
from tests.reading.corpora import CORPORA, letters

Json = dict[str, Any]
MEDIA = ("image", "audio", "video")


def checks(letter: Letter, expected: Json) -> Iterator[tuple[str, Any, Any]]:
    """Each expectation with what was found: (what, expected, found)."""
    headers = {h["name"]: h["value"] for h in reversed(expected["parts"][0]["headers"]) if isinstance(h["name"], str)}
    for name, found in (
        ("from", (letter.sender,)),
        ("to", letter.to),
        ("cc", letter.cc),
        ("reply_to", letter.reply_to),
    ):
        if people := addressed(headers.get(name)):
            yield name, people, [(box.name, box.address) for box in found]
    if isinstance(subject := headers.get("subject"), dict) and "Text" in subject:
        yield "subject", squeezed(subject["Text"]), squeezed(letter.subject)
    if isinstance(date := headers.get("date"), dict):
        yield "date", moment(date["DateTime"]), letter.date
    if isinstance(own := headers.get("message_id"), dict) and "Text" in own:
        yield "message_id", own["Text"], letter.message_id
    yield "text", squeezed(expected_text(expected)), squeezed(letter.text)
    yield "files", len(files(expected)), len(letter.attachments)
    for wanted, file in zip(files(expected), letter.attachments, strict=False):
        yield "content", wanted.content, file.content if isinstance(wanted.content, bytes) else as_text(file.content)
        yield "name", wanted.name or file.name, file.name


def addressed(value: Any) -> list[tuple[str, str]]:
    if not isinstance(value, dict):
        return []
    address = value["Address"]
    people = address.get("List") or [one for group in address.get("Group", ()) for one in group["addresses"]]
    return [(one["name"] or "", one["address"] or "") for one in people]


def moment(value: Json) -> datetime | None:
    offset = timedelta(hours=value["tz_hour"], minutes=value["tz_minute"]) * (-1 if value["tz_before_gmt"] else 1)
    parts = [value[key] for key in ("year", "month", "day", "hour", "minute", "second")]
    try:
        return datetime(*parts, tzinfo=timezone(offset))
    except ValueError:
        return None


def expected_text(expected: Json) -> str:
    texts = []
    for number in expected["text_body"]:
        body = expected["parts"][number]["body"]
        texts.append(body.get("Text") or text_of(tree_of(body["Html"])) if body.get("Text") or body.get("Html") else "")
    return "\n".join(texts)


class Wanted(NamedTuple):
    """An expected file: its bytes, or its text where the corpus only has that, or nothing for a letter within."""

    content: bytes | str | None
    name: str


def files(expected: Json) -> list[Wanted]:
    """The attachments, and the pictures among the words, in the order of the letter."""
    media = {
        n
        for n in expected["text_body"] + expected["html_body"]
        if {"Binary", "InlineBinary"} & set(expected["parts"][n]["body"])
    }
    return [wanted(expected["parts"][number]) for number in sorted(media | set(expected["attachments"]))]


def wanted(part: Json) -> Wanted:
    value = next(iter(part["body"].values()))
    content = None if isinstance(value, dict) else bytes(value) if isinstance(value, list) else squeezed(value)
    headers = {h["name"]: h["value"] for h in part["headers"] if isinstance(h["name"], str)}
    for header, key in (("content_disposition", "filename"), ("content_type", "name")):
        attributes = headers[header]["ContentType"]["attributes"] or () if isinstance(headers.get(header), dict) else ()
        if named := [a["value"] for a in attributes if a["name"] == key]:
            return Wanted(content, harmless(named[0]))
    return Wanted(content, "")


def as_text(content: bytes) -> str:
    return squeezed(decode(content))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def recovered(wanted: Any, found: Any) -> bool:
    """Whether an answer that holds U+FFFD is matched in all else, or is not asked for."""
    if wanted is None:
        return True
    pattern = re.escape(str(wanted)).replace("\ufffd", ".{1,3}")
    return "\ufffd" in str(wanted) and bool(re.fullmatch(pattern, str(found)))


def score(folder: Path) -> tuple[int, int, list[tuple[str, str, Any, Any]]]:
    """How many expectations were met, of how many, and those that were not."""
    met, missed = 0, []
    for path in letters(folder):
        letter = read_letter(path.read_bytes())
        for what, wanted, found in checks(letter, json.loads(path.with_suffix(".json").read_bytes())):
            if wanted == found or recovered(wanted, found):
                met += 1
            else:
                missed.append((path.name, what, wanted, found))
    return met, met + len(missed), missed


if __name__ == "__main__":
    met, total, missed = score(CORPORA / "stalwart")
    for name, what, wanted, found in missed:
        print(f"{name} {what}\n   wanted {str(wanted)[:300]!r}\n   found  {str(found)[:300]!r}", file=sys.stderr)
    print(f"structure: {met} of {total} expectations met ({met / total:.1%})")
