"""Which parts are the words of the letter, and which came with it: the algorithm of RFC 8621, section 4.1.4."""

from dataclasses import dataclass, field

from evenhand.channels.reading.part import Part

SHOWN_TEXT = ("text/plain", "text/html")
MEDIA = ("image/", "audio/", "video/")
WORDS_OF_THEIR_OWN = ("text/enriched", "text/richtext", "text/x-markdown", "text/markdown")


@dataclass(slots=True)
class Body:
    """The parts that make up the plain and the HTML version, in their order, and everything else."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)


def body_of(root: Part) -> Body:
    """The letter's words and attachments. A lone part of text of any kind counts as words."""
    body = Body()
    if (
        not root.children
        and root.type.startswith("text/")
        and root.disposition != "attachment"
        and root.type not in ("text/calendar", "text/html")
    ):
        body.plain, body.html = [root], [root]
        return body
    gather([root], "mixed", False, body, body.html, body.plain)
    return body


def gather(
    parts: list[Part], within: str, alternative: bool, body: Body, html: list[Part] | None, plain: list[Part] | None
) -> None:
    """Add each part to the HTML version, the plain version, or the attachments.

    Within an alternative each version takes only its own kind; `html` or `plain` is None where a version already has
    its part and takes no more.
    """
    plain_before, html_before = len(plain or ()), len(html or ())
    for place, part in enumerate(parts):
        if part.children:
            inner = part.subtype
            children = root_first(part) if inner == "related" else part.children
            gather(children, inner, alternative or inner == "alternative", body, html, plain)
        elif not in_body(part, place, within):
            body.attached.append(part)
        elif within == "alternative":
            offered(part, body, html, plain)
        else:
            html, plain = follow(part, alternative, body, html, plain)
    if within == "alternative" and plain is not None and html is not None:
        if plain_before == len(plain) and html_before != len(html):
            plain += html[html_before:]
        if html_before == len(html) and plain_before != len(plain):
            html += plain[plain_before:]


def root_first(related: Part) -> list[Part]:
    """The parts of a multipart/related, the one first that the others belong to: by its `start`, else the first page.

    A picture or a sound that stands first by mistake gives way.
    """
    parts = related.children
    start = related.params.get("start", "").strip("<> ")
    named = (part for part in parts if start and part.headers.text("content-id").strip("<> ") == start)
    pages = (part for part in parts if part.type == "text/html" or part.children)
    root = next(named, parts[0])
    if root.type.startswith(MEDIA):
        root = next(pages, root)
    return [root, *(part for part in parts if part is not root)]


def in_body(part: Part, place: int, within: str) -> bool:
    """Whether a part is shown among the words. A text with a file name that is not the first is a file."""
    if part.disposition == "attachment" or not (part.type in SHOWN_TEXT or part.type.startswith(MEDIA)):
        return False
    media = part.type.startswith(MEDIA)
    return place == 0 or (within != "related" and (media or not named(part)))


def named(part: Part) -> bool:
    return bool(part.disposition_params.get("filename") or part.params.get("name"))


def offered(part: Part, body: Body, html: list[Part] | None, plain: list[Part] | None) -> None:
    """One of several versions of the same words."""
    if part.type == "text/plain" and plain is not None:
        plain.append(part)
    elif part.type == "text/html" and html is not None:
        html.append(part)
    else:
        body.attached.append(part)


def follow(
    part: Part, alternative: bool, body: Body, html: list[Part] | None, plain: list[Part] | None
) -> tuple[list[Part] | None, list[Part] | None]:
    """A part in sequence: it belongs to both versions, or, within an alternative, only to the one of its kind."""
    if alternative and part.type == "text/plain":
        html = None
    if alternative and part.type == "text/html":
        plain = None
    if plain is not None:
        plain.append(part)
    if html is not None:
        html.append(part)
    if (plain is None or html is None) and part.type.startswith(MEDIA):
        body.attached.append(part)
    return html, plain
