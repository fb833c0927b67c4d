"""An HTML tree laid out as text, the way mail programs write the plain version of a page: quotes marked, lists numbered.

inscriptis does the same for whole documents at three times the cost; letters that arrive in a flood must not wait for it.
"""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

Element = Any  # lxml publishes no types
BLOCKS = {
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hr", "html", "legend", "li", "main", "nav", "option", "section", "summary", "tr",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"}
WORDLESS = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "svg",
    "math",
    "textarea",
    "select",
    "object",
    "iframe",
}
TIGHT = re.compile(r"margin(?:-bottom)?\s*:\s*0|margin\s*:\s*0[^;]*")
PRESERVED = re.compile(r"white-space\s*:\s*pre")
SPACES = re.compile(r"[ \t\r\n\f]+")


class Sheet:
    """The lines written so far, and where the next word goes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.prefix = ""
        self.bullet = ""
        self.blank = True  # whether the last line is empty, or there is none
        self.preserved = 0

    def write(self, text: str) -> None:
        """Words in the flow of the line; white space counts as one space, except where it is preserved."""
        if self.preserved:
            first, *rest = text.split("\n")
            self.line += first
            for line in rest:
                self.end_line(force=True)
                self.line = line
            return
        text = SPACES.sub(" ", text)
        self.line += text[1:] if text[:1] == " " and (not self.line or self.line[-1] == " ") else text

    def end_line(self, force: bool = False) -> None:
        """Begin a new line, if there is anything on this one or if even an empty one is meant."""
        line = self.line if self.preserved else self.line.strip(" ")
        self.line = ""
        if line.strip():
            self.lines.append((self.bullet or self.prefix) + line.rstrip())
            self.bullet = ""
            self.blank = False
        elif force:
            self.lines.append(self.prefix.rstrip())
            self.blank = True

    def paragraph(self) -> None:
        """One empty line between paragraphs."""
        self.end_line()
        if not self.blank:
            self.lines.append(self.prefix.rstrip())
            self.blank = True


def laid_out(tree: Element) -> str:
    """The text of a tree. Linear in its size; not recursive, so that no depth of tags is too deep."""
    sheet = Sheet()
    walker = etree.iterwalk(tree, events=("start", "end"))
    counts: list[int] = []
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in WORDLESS or not isinstance(tag, str):
                walker.skip_subtree()
                continue
            if opener := OPENERS.get(tag):
                opener(sheet, element, counts)
            if element.text:
                sheet.write(element.text)
            continue
        if closer := CLOSERS.get(tag):
            closer(sheet, element, counts)
        if element.tail and element is not tree:
            sheet.write(element.tail)
    sheet.end_line()
    return "\n".join(sheet.lines)


Act = Callable[[Sheet, Element, list[int]], None]


def block(sheet: Sheet, element: Element, _counts: list[int]) -> None:
    sheet.end_line()
    if "white-space" in element.get("style", "") and PRESERVED.search(element.get("style")):
        sheet.preserved += 1


def end_block(sheet: Sheet, element: Element, _counts: list[int]) -> None:
    sheet.end_line()
    if sheet.preserved and "white-space" in element.get("style", "") and PRESERVED.search(element.get("style")):
        sheet.preserved -= 1


def paragraph(sheet: Sheet, element: Element, _counts: list[int]) -> None:
    style = element.get("style", "")
    sheet.end_line() if "margin" in style and TIGHT.search(style) else sheet.paragraph()


def line_break(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    sheet.end_line(force=True)


def quote(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    sheet.paragraph()
    if len(sheet.prefix) < 200:
        sheet.prefix = "> " + sheet.prefix


def end_quote(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    sheet.end_line()
    while sheet.lines and sheet.lines[-1] == sheet.prefix.rstrip() and sheet.prefix:
        sheet.lines.pop()
    sheet.prefix = sheet.prefix.removeprefix("> ")
    sheet.blank = False
    sheet.paragraph()


def items(sheet: Sheet, element: Element, counts: list[int]) -> None:
    sheet.end_line() if counts else sheet.paragraph()
    counts.append(0 if element.tag == "ol" else -1)


def end_items(sheet: Sheet, _element: Element, counts: list[int]) -> None:
    if counts:
        counts.pop()
    sheet.end_line() if counts else sheet.paragraph()


def item(sheet: Sheet, _element: Element, counts: list[int]) -> None:
    sheet.end_line()
    sign = "* "
    if counts and counts[-1] >= 0:
        counts[-1] += 1
        sign = f"{counts[-1]}. "
    sheet.bullet = sheet.prefix + "  " * min(max(0, len(counts) - 1), 20) + sign


def cell(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    if sheet.line.strip():
        sheet.line = sheet.line.rstrip() + "  "


def preserved(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    sheet.paragraph()
    sheet.preserved += 1


def end_preserved(sheet: Sheet, _element: Element, _counts: list[int]) -> None:
    sheet.end_line()
    sheet.preserved = max(0, sheet.preserved - 1)
    sheet.paragraph()


OPENERS: dict[str, Act] = {
    **dict.fromkeys(BLOCKS, block), **dict.fromkeys(PARAGRAPHS, paragraph), "br": line_break, "blockquote": quote, "ul": items, "ol": items,
    "li": item, "td": cell, "th": cell, "pre": preserved,
}  # fmt: skip
CLOSERS: dict[str, Act] = {
    **dict.fromkeys(BLOCKS, end_block), **dict.fromkeys(PARAGRAPHS, paragraph), "blockquote": end_quote, "ul": end_items, "ol": end_items, "pre": end_preserved,
}  # fmt: skip
