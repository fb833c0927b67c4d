"""The words of a letter in both their forms, and the files that came with it."""

from dataclasses import dataclass, field
from html import escape

from evenhand.channels.reading.body import Body, body_of
from evenhand.channels.reading.charset import decode
from evenhand.channels.reading.filename import file_name, harmless
from evenhand.channels.reading.invitation import invitation
from evenhand.channels.reading.letter import Attachment
from evenhand.channels.reading.page import UnreadablePageError, charset_in, checked
from evenhand.channels.reading.part import Part
from evenhand.channels.reading.plain import plain_text
from evenhand.channels.reading.tnef import unpacked
from evenhand.channels.reading.transfer import uuencoded_files, yencoded_files

HTML = "text/html"


@dataclass(slots=True)
class Content:
    """What the parts of a letter hold, decoded. `source` is the HTML as it came: not safe to show."""

    text: str = ""
    source: str = ""
    from_html: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    events: dict[str, None] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)


def content_of(root: Part) -> Content:
    """Everything in the letter's parts. What is damaged is shown as far as it goes, and named in `problems`."""
    content = Content()
    body = body_of(root)
    data = content.data = {id(part): part.content() for part in root.walk() if not part.children}
    hint = next((part.params["charset"] for part in body.plain + body.html if part.params.get("charset")), "")
    read_pages(content, body, data, hint)
    read_plain(content, body, data, hint)
    words = {id(part) for part in body.plain + body.html if part.type.startswith("text/")}
    for number, part in enumerate((part for part in root.walk() if not part.children and id(part) not in words), 1):
        add_file(content, part, data[id(part)], number, hint)
    content.problems += dict.fromkeys(part.flaw for part in root.walk() if part.flaw)
    if any(part.type == "message/partial" for part in root.walk()):
        content.problems.append("It is one piece of a letter that was sent in several.")
    return content


def read_pages(content: Content, body: Body, data: dict[int, bytes], hint: str) -> None:
    """The HTML version, its pieces joined in their order; a plain piece or a picture among them is written as HTML."""
    if not any(part.type == HTML for part in body.html):
        return
    pieces = [written(part, data[id(part)], hint) for part in body.html]
    take_page(content, "\n".join(pieces))


def take_page(content: Content, html: str) -> None:
    """Take the HTML, if it is within the limits; else say so."""
    try:
        content.source = checked(html)
        content.from_html = bool(html) and not content.text.strip()
    except UnreadablePageError as past:
        content.problems.append(f"Its HTML could not be displayed: {past}. The raw letter is kept and can be opened.")


def written(part: Part, data: bytes, hint: str) -> str:
    """One part of the HTML version as HTML."""
    if part.type == HTML:
        return decode(data, part.params.get("charset", "") or charset_in(data), hint).replace("\0", "")
    if part.type.startswith("image/"):
        name = part.headers.raw("content-id").decode("ascii", "replace").strip("<> ")
        return f'<img src="cid:{escape(name)}">' if name else ""
    if part.type.startswith("text/"):
        return f'<div style="white-space: pre-wrap">{escape(plain_text(part, data, hint))}</div>'
    return ""


def read_plain(content: Content, body: Body, data: dict[int, bytes], hint: str) -> None:
    """The plain version. Where the letter has none, or an empty one, its text is that of its HTML."""
    pieces = []
    for part in body.plain:
        if part.type.startswith("text/") and part.type != HTML:
            raw = data[id(part)]
            for sign, unpack in ((b"\nend", uuencoded_files), (b"\n=yend", yencoded_files)):
                if sign in raw:
                    raw, files = unpack(raw)
                    content.attachments += [within_text(name, file) for name, file in files]
            pieces.append(plain_text(part, raw, hint))
    content.text = "\n".join(pieces).strip("\n")
    content.from_html = bool(content.source) and (
        not content.text.strip() or any(part.type == HTML for part in body.plain)
    )


def add_file(content: Content, part: Part, data: bytes, number: int, hint: str) -> None:
    """One file, opened where it holds words or other files: an invitation, a winmail.dat."""
    if part.type == "text/calendar" and (event := invitation(decode(data, part.params.get("charset", "utf-8"), hint))):
        content.events[event] = None
    if package := unpacked(data):
        content.attachments += [
            Attachment(
                harmless(file.name) or "attachment.bin",
                file.type or "application/octet-stream",
                file.content,
                False,
                file.content_id,
            )
            for file in package.files
        ]
        content.problems += ["Its winmail.dat is damaged; what could be read is shown."] if package.damaged else []
        if not content.text.strip() and not content.source:
            content.text = package.text
            take_page(content, package.html)
    content.attachments.append(attachment(part, data, number, content.source))


def within_text(name: bytes, content: bytes) -> Attachment:
    return Attachment(harmless(decode(name)) or "attachment.bin", "application/octet-stream", content)


def attachment(part: Part, data: bytes, number: int, source: str) -> Attachment:
    """One file. It is inline if the HTML points at it, or if it is a picture that the letter shows in its place."""
    content_id = part.headers.raw("content-id").decode("utf-8", "replace").strip(" \t<>")
    pointed_at = bool(content_id) and "cid:" + content_id in source
    in_place = part.type.startswith("image/") and part.disposition == "inline"
    return Attachment(file_name(part, number), part.type, data, pointed_at or in_place, content_id)
