"""HTML, cut into what is new and what is folded, by the elements in which mail programs put what they quote."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lxml.html
from lxml import etree

from evenhand.channels.reading.folding import marks

Element = Any  # lxml publishes no types

QUOTES = {  # class, id or name of an element that holds the quote
    "gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "moz-cite-prefix", "front-blockquote",
    "moz-forward-container", "ms-outlook-mobile-reference-message", "olk_src_body_section", "isreplycontent", "isforwardcontent",
    "mail-editor-reference-message-container", "messagereplysection", "quote", "airmail_quote", "missive_quote", "freshdesk_quote",
    "helpscout-quote", "intercom-quote", "zd-quoted-mail", "mailbirdquote", "replyquote", "reply-intro", "gmail_attr",
    "tutanota_quote_intro", "ydp_quoted", "history_container", "qqmail_quote", "ntes-mailmaster-quote", "foxmail_quote",
}  # fmt: skip
QUOTES_ONWARD = {  # an element with which the quote begins, going on to the end
    "divrplyfwdmsg", "appendonsend", "stopspelling", "zwchr", "replysplit", "__quoted_text__", "orimsghtmlseperator", "outlookmessageheader", "mail-editor-reference",
}  # fmt: skip
SIGNATURES = {
    "gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature",
    "applemailsignature", "signature", "ydpsignature", "tutanota_signature", "linebreakatbeginningofsignature",
}  # fmt: skip
NAMING = ("class", "id", "name", "data-marker", "data-smartmail")
CANDIDATES = etree.XPath(
    "//*[(@class or @id or @name or @data-marker or @data-smartmail or self::blockquote or (self::div and contains(@style, 'border'))) and not(self::html or self::body or self::meta or self::a or self::img)]"
)
WORDLESS = {"head", "style", "script", "title", etree.Comment}
OUTLOOK_RULE = re.compile(
    r"border(?:-top)?:\s*(?:none;\s*border-top:\s*)?solid #[0-9a-fA-F]{6} 1\.0pt;\s*padding:\s*3\.0pt 0", re.IGNORECASE
)
ANSWERED_BETWEEN = re.compile("WQ+W|QW+QW")
OPEN, CLOSE = "\ue0f0", "\ue0f1"  # private characters around what is folded, while the text is laid out
SENTINELS = {ord(OPEN): None, ord(CLOSE): None}


@dataclass(slots=True)
class FoldedPage:
    """The elements of a page that are folded; they stay in the tree until `split`."""

    tree: Element
    hidden: list[Element]
    forwarded: bool = False
    folds_the_end: bool = False

    def mark(self) -> None:
        """Put the private characters around what is folded, so that the text of the page can be cut there."""
        for element in self.hidden:
            element.text = OPEN + (element.text or "")
            end = lxml.html.Element("span")
            end.text = CLOSE
            element.append(end)

    def split(self) -> tuple[str, str]:
        """The HTML of what is new, and of what is folded. Neither is safe to show yet. Uses the tree up."""
        quoted = "".join(serialised(element) for element in self.hidden)
        for element in self.hidden:
            element.drop_tree()
        return serialised(self.tree), quoted


def serialised(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False)).translate(SENTINELS)


def cut(text: str) -> tuple[str, str]:
    """The text of a marked page: what is new, and what is folded, whole lines each."""
    kept: list[str] = []
    hidden: list[str] = []
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(OPEN), line.count(CLOSE)
        words = line.translate(SENTINELS)
        own = not depth and not (opened and not line.partition(OPEN)[0].strip(" >|"))
        (kept if own else hidden).append(words)
        depth += opened - closed
    return "\n".join(kept).strip("\n"), "\n".join(hidden).strip("\n")


def fold_page(tree: Element) -> FoldedPage | None:
    """What of the page is folded, or None where nothing is or where nothing else would be left."""
    quotes, signatures, onward = found(tree)
    if onward is not None:
        quotes = [quote for quote in quotes if not after(onward, quote)]
        quotes.append(gathered(onward))
    forwarded = any(marks.divider(line) == "forwarded" for quote in quotes[:1] for line in opening_lines(quote))
    if not (quotes or signatures):
        return None
    order = sequence(tree, quotes, signatures)
    if "W" not in order:
        return None
    hidden = ([] if ANSWERED_BETWEEN.search(order.replace("S", "")) else quotes) + signatures
    return FoldedPage(tree, hidden, forwarded, folds_the_end="W" not in order.lstrip("W")) if hidden else None


def opening_lines(element: Element) -> list[str]:
    text = "\n".join(piece for _, piece in zip(range(12), element.itertext(), strict=False))
    return text[:600].split("\n")


@lru_cache(maxsize=1024)
def names(called: str) -> frozenset[str]:
    """Everything an element is called, as the program wrote it and as another program renamed it ("x_…")."""
    return frozenset(name.removeprefix("x_") for name in called.lower().split()[:20])


def found(tree: Element) -> tuple[list[Element], list[Element], Element | None]:
    """The outermost quotes and signatures, and the element with which a quote without an element of its own begins."""
    quotes: list[Element] = []
    signatures: list[Element] = []
    within: set[Element] = set()
    for element in CANDIDATES(tree):
        if within and any(parent in within for parent in element.iterancestors()):
            continue
        called = names(" ".join(map(element.get, NAMING, ("",) * len(NAMING))))
        if called & QUOTES_ONWARD or (element.tag == "div" and OUTLOOK_RULE.search(element.get("style", ""))):
            return quotes, signatures, element
        cited = element.tag == "blockquote" and (element.get("type", "").lower() == "cite" or "gmail_quote" in called)
        if cited or (called & QUOTES and not answered_within(element)):
            quotes.append(element)
        elif called & SIGNATURES:
            signatures.append(element)
        else:
            continue
        within.add(element)
    return quotes, signatures, None


def answered_within(element: Element) -> bool:
    """Whether somebody answered inside the element, between or below the blockquotes that it holds."""
    if element.tag == "blockquote" or next(element.iter("blockquote"), None) is None:
        return False
    quoted = False
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walker:
        if event == "start" and inner.tag == "blockquote":
            quoted = True
            walker.skip_subtree()
        elif quoted and inner is not element and ((inner.text if event == "start" else inner.tail) or "").strip():
            return True
    return False


def after(onward: Element, quote: Element) -> bool:
    """Whether the quote stands within what begins with `onward`; those found before it never do."""
    return any(parent is onward for parent in quote.iterancestors())


def gathered(start: Element) -> Element:
    """One element that holds `start` and all that follows it in the page, put where `start` was."""
    rule = start.getprevious()
    if rule is not None and rule.tag == "hr" and not (rule.tail or "").strip():
        start = rule
    holder = lxml.html.Element("div")
    level = start
    moved = start
    while level is not None and level.tag not in ("body", "html"):
        parent = level.getparent()
        siblings = list(level.itersiblings())
        if level is not moved and level.tail:
            piece = lxml.html.Element("span")
            piece.text, level.tail = level.tail, None
            holder.append(piece)
        for sibling in siblings:
            holder.append(sibling)
        level = parent
    home = moved.getparent()
    holder.insert(0, moved)
    home.append(holder)
    return holder


def sequence(tree: Element, quotes: list[Element], signatures: list[Element]) -> str:
    """The page in its order: "W" for words of its own, "Q" for a quote, "S" for a signature."""
    kinds = {**dict.fromkeys(quotes, "Q"), **dict.fromkeys(signatures, "S")}
    order: list[str] = []
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            words = element.tail
        elif element in kinds:
            order.append(kinds[element])
            walker.skip_subtree()
            continue
        elif element.tag in WORDLESS:
            walker.skip_subtree()
            continue
        else:
            words = element.text
        if words and order[-1:] != ["W"] and not words.isspace():
            order.append("W")
    return "".join(order)
