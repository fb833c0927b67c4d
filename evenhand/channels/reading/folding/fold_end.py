"""HTML whose quote has no element of its own, folded where the words say that it begins."""

from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from evenhand.channels.reading.folding.fold_page import FoldedPage, gathered
from evenhand.channels.reading.tree import fit_for_a_tree

Element = Any  # lxml publishes no types
IN_A_TABLE = {"td", "th", "tr", "tbody", "thead", "tfoot", "li"}
WORDLESS = {"script", "style", "head", "title"}


def fold_end(tree: Element, reply: str) -> FoldedPage | None:
    """The page, folded after its new words; None where these are not its beginning. Linear in the page.

    `reply` are the new words of the page's text. Only letters and digits are compared: what else stands in the text is
    layout.
    """
    wanted = spoken(reply)
    at = 0
    for element, is_tail, text in pieces(tree):
        words = spoken(text)
        if not words:
            continue
        if at == len(wanted):
            return folded(tree, element, is_tail) if wanted else None
        if not wanted.startswith(words, at):
            return None
        at += len(words)
    return None


def spoken(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def pieces(tree: Element) -> Iterator[tuple[Element, bool, str]]:
    """Every text of the page in its order: the element, and whether it stands in or behind it."""
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element is not tree and element.tail:
                yield element, True, element.tail
        elif not isinstance(element.tag, str) or element.tag in WORDLESS:
            walker.skip_subtree()
        elif element.text:
            yield element, False, element.text


def folded(tree: Element, element: Element, is_tail: bool) -> FoldedPage | None:
    """The page with everything from one text on in an element that is folded."""
    if is_tail:
        start = lxml.html.Element("span")
        start.text, element.tail = fit_for_a_tree(element.tail), None
        element.addnext(start)
    else:
        start = outermost(element)
    if start.tag in IN_A_TABLE or start.getparent() is None:
        return None
    return FoldedPage(tree, [gathered(start)], folds_the_end=True)


def outermost(element: Element) -> Element:
    """The largest element that begins with this one."""
    while (parent := element.getparent()) is not None and parent.tag not in ("body", "html"):
        if element.getprevious() is not None or (parent.text or "").strip():
            break
        element = parent
    return element
