"""An HTML part as a tree: its text, and the pieces of it that are quoted."""

import re
from typing import Any

import lxml.html
from lxml import etree

from evenhand.channels.reading import limits
from evenhand.channels.reading.layout import laid_out
from evenhand.channels.reading.plain import tidy
from evenhand.channels.reading.tree import drop

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
UNSHOWN = ("script", "style", "title", "template", "noscript", "textarea", "select", "object", "iframe")
PARSER = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
HIDDEN = etree.XPath(
    "//*[contains(@style, 'display') and (contains(translate(@style, ' ', ''), 'display:none') or contains(@style, 'mso-hide'))]"
)


class UnreadablePageError(Exception):
    """The HTML is past a limit or is no HTML; the message is a sentence for the agent."""


def checked(html: str) -> str:
    """The HTML, if it is within the limits; they bound what every later step can cost.

    Raises:
        UnreadablePageError: too long, too many links or character references, too many or too deeply nested tags.
    """
    if len(html) > limits.MAX_HTML:
        raise UnreadablePageError(f"its HTML is larger than {limits.MAX_HTML // 1024 // 1024} MB")
    if html.count("<a ") + html.count("<A ") > limits.MAX_LINKS or html.count("href") > 4 * limits.MAX_LINKS:
        raise UnreadablePageError(f"it has more than {limits.MAX_LINKS:,} links")
    if html.count("<") > limits.MAX_TAGS:
        raise UnreadablePageError(f"it has more than {limits.MAX_TAGS:,} tags")
    if html.count("&") * len(html) > limits.MAX_COPIED:
        raise UnreadablePageError("it has too many character references (&…;) for a page of its length")
    if html.count("<") > limits.MAX_TAG_DEPTH and nesting(html) > limits.MAX_TAG_DEPTH:
        raise UnreadablePageError(f"its tags are nested more than {limits.MAX_TAG_DEPTH:,} deep")
    if len(max(html.split(">"), key=len)) > LONG_TAG and any(
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


def tree_of(html: str) -> Element | None:
    """The page as a tree without what is never shown, or None where there is nothing in it."""
    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=PARSER)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    etree.strip_elements(tree, *UNSHOWN, with_tail=False)
    if "display" in html or "mso-hide" in html:
        for element in HIDDEN(tree):
            if element.getparent() is not None:
                drop(element)
    return tree


def text_of(tree: Element | None) -> str:
    """The page's words as a reader sees them, laid out in lines."""
    if tree is None:
        return ""
    return BLANKS.sub("\n\n", tidy(laid_out(tree)).replace("\xa0", " ")).strip("\n")


def charset_in(data: bytes) -> str:
    """The charset that the page itself names."""
    match = DECLARED.search(data[:4096])
    return match.group(1).decode("ascii") if match else ""
