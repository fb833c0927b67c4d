"""The words of a letter in the forms in which the desk shows them: whole, new and folded, as text and as safe HTML."""

from dataclasses import dataclass, replace

from evenhand.channels.reading.content import Content
from evenhand.channels.reading.folding import fold, fold_page
from evenhand.channels.reading.folding.fold_end import fold_end
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

    def whole(self) -> "Wording":
        """Nothing of it folded."""
        return replace(self, reply=self.text, quoted="", html_reply=self.html, html_quoted="")


def wording_of(content: Content, passes_on: bool = False) -> Wording:
    """Text from the plain version or from the HTML; safe HTML where the letter has any.

    `passes_on`: the subject says that a letter is passed on, which is then shown whole.
    """
    source = inlined(content.source)
    tree = tree_of(source) if source else None
    from_page = tree is not None and content.from_html
    if passes_on:
        text = text_of(tree) if from_page else content.text
        if fold(text, passes_on).forwarded:
            words = with_events(text, content)
            return Wording(words, words, "", True, *pages(source, None))
    page = fold_page(tree, source) if tree is not None else None
    if not from_page:
        text, hidden = content.text, ""
        folded = fold(text)
    else:
        shown, hidden = cut(text_of(tree))
        text = "\n\n".join(piece for piece in (shown, hidden) if piece)
        folded = fold(shown)
    if tree is not None and page is None and folded.quoted:
        page = fold_end(tree, (folded if from_page else fold(text_of(tree))).reply)
    return Wording(
        with_events(text, content),
        with_events(folded.reply, content),
        "\n\n".join(piece for piece in (folded.quoted, hidden) if piece),
        folded.forwarded or (page is not None and page.forwarded),
        *pages(source, page),
    )


def with_events(text: str, content: Content) -> str:
    """The words, and below them the invitations that came with them."""
    return "\n\n".join(piece for piece in (text, *content.events) if piece)


def pages(source: str, page: FoldedPage | None) -> tuple[str, str, str]:
    """The safe HTML: whole, new, folded."""
    if page is None:
        html = sanitised(source) if source else ""
        return html, html, ""
    in_order = page.folds_the_end
    new, folded = (sanitised(piece) for piece in page.split())
    return new + folded if in_order else sanitised(source), new, folded
