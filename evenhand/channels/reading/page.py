"""An HTML part as a tree: its text, and the pieces of it that are quoted."""

import re
from typing import Any

import inscriptis
import lxml.html
from inscriptis.css_profiles import RELAXED_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from lxml import etree

from evenhand.channels.reading import limits
from evenhand.channels.reading.plain import tidy

Element = Any  # lxml publishes no types
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]{0,2000}?(/?)>")
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
    "p",
    "li",
    "td",
    "tr",
    "dd",
    "dt",
    "option",
}
LONG_TAG = 4 * limits.MAX_ATTRIBUTES
BLANKS = re.compile(r"\n{3,}")
SETTINGS = ParserConfig(css=RELAXED_CSS_PROFILE, display_links=False, display_images=False)
HIDDEN = etree.XPath(
    "//*[contains(@style, 'display') and (contains(translate(@style, ' ', ''), 'display:none') or contains(@style, 'mso-hide'))]"
)


class UnreadablePageError(Exception):
    """The HTML is past a limit or is no HTML; the message is a sentence for the agent."""


def checked(html: str) -> str:
    """The HTML, if it is within the limits; they bound what every later step can cost.

    Raises:
        UnreadablePageError: too long, too many links, too many or too deeply nested tags.
    """
    if len(html) > limits.MAX_HTML:
        raise UnreadablePageError(f"its HTML is larger than {limits.MAX_HTML // 1024 // 1024} MB")
    if html.count("<a ") + html.count("<A ") > limits.MAX_LINKS or html.count("href") > 4 * limits.MAX_LINKS:
        raise UnreadablePageError(f"it has more than {limits.MAX_LINKS:,} links")
    if html.count("<") > limits.MAX_TAGS:
        raise UnreadablePageError(f"it has more than {limits.MAX_TAGS:,} tags")
    if html.count("<") > limits.MAX_TAG_DEPTH and nesting(html) > limits.MAX_TAG_DEPTH:
        raise UnreadablePageError(f"its tags are nested more than {limits.MAX_TAG_DEPTH:,} deep")
    if any(
        len(piece) > LONG_TAG and piece.count("=", piece.find("<")) > limits.MAX_ATTRIBUTES for piece in html.split(">")
    ):
        raise UnreadablePageError(f"one of its tags has more than {limits.MAX_ATTRIBUTES:,} attributes")
    return html


def nesting(html: str) -> int:
    """How many tags are open at once at most, counted per name so that forgotten ends of one do not hide another."""
    depth = deepest = 0
    for match in TAG.finditer(html):
        if match.group(3) or match.group(2).lower() in VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def tree_of(html: str) -> Element:
    """The page as a tree, or None where there is nothing in it."""
    try:
        return lxml.html.document_fromstring(
            html.encode("utf-8", "replace"),
            parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True),
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def text_of(tree: Element) -> str:
    """The page's words as a reader sees them, laid out in lines. Consumes nothing of the tree but hidden elements."""
    if tree is None:
        return ""
    for element in HIDDEN(tree):
        if element.getparent() is not None:
            element.drop_tree()
    text = inscriptis.Inscriptis(tree, SETTINGS).get_text()
    lines = (line.rstrip() for line in tidy(text).replace("\xa0", " ").split("\n"))
    return BLANKS.sub("\n\n", "\n".join(lines)).strip()


def charset_in(data: bytes) -> str:
    """The charset that the page itself names."""
    match = DECLARED.search(data[:4096])
    return match.group(1).decode("ascii") if match else ""
