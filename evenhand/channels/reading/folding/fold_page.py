"""HTML, cut into what is new and what is folded, by the elements in which mail programs put what they quote."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lxml.html
from lxml import etree

from evenhand.channels.reading.folding import marks
from evenhand.channels.reading.tree import drop, fit_for_a_tree

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
NAMING = ("class", "id", "name", "data-marker")
CANDIDATES = etree.XPath("descendant::*[@class|@id|@name|@data-marker|self::blockquote]")
RULED = etree.XPath("descendant::div[contains(@style, '1.0pt') and contains(@style, 'solid')]")
OUTLOOK_RULE = re.compile(
    r"border(?:-top)?:\s*(?:none;\s*border-top:\s*)?solid #[0-9a-fA-F]{6} 1\.0pt;\s*padding:\s*3\.0pt 0", re.IGNORECASE
)
ANSWERED_BETWEEN = re.compile("WQ+W|QW+QW")
# Private characters around what is folded, while the text is laid out: a quote, a signature, the end of either.
QUOTE, SIGNATURE, CLOSE = "\ue0f0", "\ue0f2", "\ue0f1"
SENTINELS = {ord(QUOTE): None, ord(SIGNATURE): None, ord(CLOSE): None}
MARKED = re.compile(f"([{QUOTE}{SIGNATURE}{CLOSE}])")


@dataclass(slots=True)
class FoldedPage:
    """The elements of a page that are folded; they stay in the tree, marked, until `split`."""

    tree: Element
    hidden: list[Element]
    forwarded: bool = False
    folds_the_end: bool = False

    def split(self) -> tuple[str, str]:
        """The HTML of what is new, and of what is folded. Neither is safe to show yet. Uses the tree up."""
        quoted = "".join(serialised(element) for element in self.hidden)
        for element in self.hidden:
            drop(element)
        return serialised(self.tree), quoted


def serialised(element: Element) -> str:
    html = str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    return html.replace(QUOTE, "").replace(SIGNATURE, "").replace(CLOSE, "")


def mark(element: Element, sign: str) -> None:
    """Put private characters around an element's text."""
    element.text = sign + fit_for_a_tree(element.text or "")
    end = etree.SubElement(element, "span")
    end.text = CLOSE


def unmark(element: Element) -> None:
    element.text = element.text[1:]
    element.remove(element[-1])


def cut(text: str) -> tuple[str, str]:
    """The text of a marked page: what is new, and what is folded, whole lines each."""
    kept: list[str] = []
    hidden: list[str] = []
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(QUOTE) + line.count(SIGNATURE), line.count(CLOSE)
        own = not depth and not (opened and not MARKED.split(line, maxsplit=1)[0].strip(" >|"))
        (kept if own else hidden).append(line.translate(SENTINELS) if opened or closed else line)
        depth += opened - closed
    return "\n".join(kept).strip("\n"), "\n".join(hidden).strip("\n")


def fold_page(tree: Element, source: str) -> FoldedPage | None:
    """What of the page is folded, or None where nothing is or where nothing else would be left.

    Leaves private characters around what is folded in the tree, by which `cut` cuts its text.
    """
    quotes, signatures, onward = found(tree, "1.0pt" in source)
    if onward is not None:
        quotes.append(gathered(onward))
    if not (quotes or signatures):
        return None
    forwarded = bool(quotes) and any(marks.divider(line) == "forwarded" for line in opening_lines(quotes[0]))
    for elements, sign in ((quotes, QUOTE), (signatures, SIGNATURE)):
        for element in elements:
            mark(element, sign)
    order = sequence(tree)
    shown = quotes if ANSWERED_BETWEEN.search(order.replace("S", "")) else []
    for element in quotes + signatures if "W" not in order else shown:
        unmark(element)
    if "W" not in order or not (hidden := signatures if shown else quotes + signatures):
        return None
    return FoldedPage(tree, hidden, forwarded, folds_the_end="W" not in order.lstrip("W"))


def sequence(tree: Element) -> str:
    """The marked page in its order: "W" for words of its own, "Q" for a quote, "S" for a signature."""
    order: list[str] = []
    depth = 0
    for piece in MARKED.split(str(etree.tostring(tree, encoding="unicode", method="text"))):
        if piece in (QUOTE, SIGNATURE):
            if not depth:
                order.append("Q" if piece == QUOTE else "S")
            depth += 1
        elif piece == CLOSE:
            depth -= 1
        elif not depth and not piece.isspace() and piece:
            order.append("W")
    return "".join(order)


def opening_lines(element: Element) -> list[str]:
    text = "\n".join(piece for _, piece in zip(range(5), element.itertext(), strict=False))
    return text[:600].split("\n")


@lru_cache(maxsize=1024)
def names(called: str) -> frozenset[str]:
    """Everything an element is called, as the program wrote it and as another program renamed it ("x_…")."""
    return frozenset(name.removeprefix("x_") for name in called.lower().split()[:20])


def found(tree: Element, ruled: bool) -> tuple[list[Element], list[Element], Element | None]:
    """The outermost quotes and signatures, and the element with which a quote without an element of its own begins.

    `ruled` says whether to look for the rule that Outlook draws above a quote by a style alone.
    """
    quotes: list[Element] = []
    signatures: list[Element] = []
    rule = next((div for div in RULED(tree) if OUTLOOK_RULE.search(div.get("style"))), None) if ruled else None
    candidates = CANDIDATES(tree)
    at = 0
    while at < len(candidates):
        element = candidates[at]
        at += 1
        called = names(" ".join(map(element.get, NAMING, ("",) * len(NAMING))))
        if called & QUOTES_ONWARD:
            return outside(element, quotes), outside(element, signatures), element
        cited = element.tag == "blockquote" and (element.get("type", "").lower() == "cite" or "gmail_quote" in called)
        if cited or (called & QUOTES and not answered_within(element)):
            quotes.append(element)
        elif called & SIGNATURES:
            signatures.append(element)
        else:
            continue
        at += len(CANDIDATES(element))  # they stand within it
    if rule is None or any(parent in quotes for parent in rule.iterancestors()):
        return quotes, signatures, None
    before = set(rule.xpath("preceding::*"))
    return [quote for quote in quotes if quote in before], [one for one in signatures if one in before], rule


def outside(onward: Element, elements: list[Element]) -> list[Element]:
    """Those that do not hold the element with which the rest begins."""
    parents = set(onward.iterancestors())
    return [element for element in elements if element not in parents]


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
            piece.text, level.tail = fit_for_a_tree(level.tail), None
            holder.append(piece)
        for sibling in siblings:
            holder.append(sibling)
        level = parent
    home = moved.getparent()
    holder.insert(0, moved)
    home.append(holder)
    return holder
