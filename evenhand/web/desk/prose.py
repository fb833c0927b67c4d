"""What an agent wrote: cleaned to the few tags that mail carries well, and the same in plain text."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3
from django.urls import reverse
from markupsafe import Markup

from evenhand.conversations import inline

TAGS = {"img", "p", "br", "strong", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3"}
SCHEMES = {"http", "https", "mailto", "tel"}
MOST = 200_000  # letters


class TooLong(ValueError):
    """More than one message can carry."""


class Prose(NamedTuple):
    html: str
    text: str

    @classmethod
    def read(cls, words: str, form: str) -> Prose:
        """From the editor (`form` "html") or a plain text field. Empty when nothing was written. Raises TooLong."""
        if len(words) > MOST:
            raise TooLong(f"This is longer than {MOST:,} letters. Send the long part as a file.")
        words = words.replace("\0", "")
        html = clean(words) if form == "html" else paragraphs(words)
        return cls(html, text) if (text := plain(html)) else cls("", "")

    def illustrated(self, html: str) -> Prose:
        """The same with the pictures that `html` has."""
        return Prose(html, text) if (text := plain(html)) else Prose("", "")

    def signed(self, signature: str) -> Prose:
        """With the agent's signature below."""
        if not signature.strip():
            return self
        return Prose(
            f"{self.html}<p>{escape(signature.strip()).replace(chr(10), '<br>')}</p>",
            f"{self.text}\n\n{signature.strip()}",
        )


def clean(html: str) -> str:
    """Nothing but TAGS; links, and pictures of our own (`conversations/inline.py`)."""
    return inline.tidy(
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}, "img": inline.ATTRIBUTES},
            attribute_filter=_attribute,
            url_schemes=SCHEMES | {inline.SCHEME},
            link_rel="noopener noreferrer nofollow",
        )
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """A picture's source as it is kept, where it came as the editor shows it."""
    before = reverse("desk:inline", args=["key"]).removesuffix("key")
    if tag == "img" and name == "src" and value.startswith(before):
        value = f"{inline.SCHEME}:{value.removeprefix(before)}"
    return inline.attribute(tag, name, value)


def ours(html: str) -> Markup:
    """An agent's words for our own page, cleaned once more: whoever put them there, this is what is shown."""
    return Markup(shown(clean(html)))  # noqa: S704 - it is clean


def shown(html: str) -> str:
    """Kept HTML with its pictures where an agent's browser finds them."""
    return inline.sourced(html, lambda key: reverse("desk:inline", args=[key]))


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line begins a paragraph."""
    parts = (part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part.strip())


def plain(html: str) -> str:
    """Clean HTML as plain text, with links written out, lists marked and quotes prefixed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Knows the tags of TAGS only."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.lists: list[int] = []  # for each open list its next number, 0 for bullets
        self.quotes = self.pre = 0
        self.href = self.linked = ""

    def _line(self, begin: str = "") -> None:
        margin = "> " * self.quotes + "  " * max(len(self.lists) - 1, 0)
        if self.lines[-1].strip("> "):
            self.lines.append(margin + begin)
        else:
            self.lines[-1] = margin + (begin or self.lines[-1].strip("> "))

    def _space(self) -> None:
        """An empty line before a paragraph, unless one is there or a list item begins with it."""
        if (self.lines[-1].strip("> ") and not self.lines[-1].rstrip().endswith(("-", "."))) or not self.lists:
            self._line()
            if len(self.lines) > 1 and self.lines[-2].strip("> "):
                self.lines.insert(-1, ("> " * self.quotes).rstrip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "p" | "h3" | "pre" if not self.lists:
                self._space()
            case "br":
                self.lines.append("> " * self.quotes)
            case "ul" | "ol":
                if not self.lists:
                    self._space()
                self.lists.append(1 if tag == "ol" else 0)
            case "li":
                number = self.lists[-1] if self.lists else 0
                self._line(f"{number}. " if number else "- ")
                if number:
                    self.lists[-1] += 1
            case "blockquote":
                self._space()
                self.quotes += 1
                self.lines[-1] = "> " * self.quotes
            case "a":
                self.href, self.linked = dict(attrs).get("href") or "", ""
            case "img":
                alt = dict(attrs).get("alt")
                self.lines[-1] += f"[image: {alt}]" if alt else "[image]"
        self.pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "ul" | "ol" if self.lists:
                self.lists.pop()
                if not self.lists:
                    self.lines.append("")
            case "blockquote" if self.quotes:
                self.quotes -= 1
                self.lines.append("> " * self.quotes)
            case "pre":
                self.pre -= 1
            case "a" if self.href and self.href.removeprefix("mailto:").rstrip("/") != self.linked.strip().rstrip("/"):
                self.lines[-1] += f" ({self.href})"

    def handle_data(self, data: str) -> None:
        self.linked += data
        first, *more = data.split("\n") if self.pre else [" ".join(data.split("\n"))]
        self.lines[-1] += first
        self.lines.extend("> " * self.quotes + line for line in more)

    def text(self) -> str:
        kept: list[str] = []
        for line in (each.rstrip() for each in self.lines):
            if line.strip("> ") or (kept and kept[-1].strip("> ")):
                kept.append(line)
        return "\n".join(kept).strip()
