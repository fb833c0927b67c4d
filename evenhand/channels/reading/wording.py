"""The words of a letter in the forms in which the desk shows them: whole, new and folded, as text and as safe HTML."""

from dataclasses import dataclass

from evenhand.channels.reading.content import Content
from evenhand.channels.reading.folding import fold, fold_page
from evenhand.channels.reading.folding.fold_page import FoldedPage, cut
from evenhand.channels.reading.page import text_of, tree_of
from evenhand.channels.reading.sanitised import sanitised
from evenhand.channels.reading.sheet import inlined


@dataclass(frozen=True, slots=True)
class Wording:
    text: str
    reply: str
    quoted: str
    forwarded: bool
    html: str
    html_reply: str
    html_quoted: str


def wording_of(content: Content) -> Wording:
    """Text from the plain version or from the HTML; safe HTML where the letter has any."""
    tree = tree_of(source) if (source := inlined(content.source)) else None
    page = fold_page(tree) if tree is not None else None
    text = content.text
    folded_by_page = ("", "")
    if content.from_html and tree is not None:
        if page:
            page.mark()
        marked = text_of(tree)
        folded_by_page = cut(marked)
        text = "\n\n".join(piece for piece in folded_by_page if piece)
    folded = fold(folded_by_page[0] if content.from_html and tree is not None else text)
    quoted = "\n\n".join(piece for piece in (folded.quoted, folded_by_page[1]) if piece)
    html, html_reply, html_quoted = pages(source, page)
    forwarded = folded.forwarded or (page is not None and page.forwarded)
    return Wording(text, folded.reply, quoted, forwarded, html, html_reply, html_quoted)


def pages(source: str, page: FoldedPage | None) -> tuple[str, str, str]:
    """The safe HTML: whole, new, folded."""
    if not source:
        return "", "", ""
    html = sanitised(source)
    if page is None:
        return html, html, ""
    reply, quoted = page.split()
    return html, sanitised(reply), sanitised(quoted)
