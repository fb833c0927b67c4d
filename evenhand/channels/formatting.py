"""The formatted part of our letters: one small sheet of styles, written into each element, because many mail programs read
none beside them. It loads nothing and asks nobody for anything: no picture, font or style from elsewhere, and nothing that
tells who reads."""

from __future__ import annotations

import html as markup
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from css_inline import CSSInliner

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
SHOWN = 12  # characters of the path of a link of ours, whose end is a secret that nobody reads
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "ug", "ur", "yi"}
SHEET = Path(__file__).with_suffix(".css")
PAGE = """\
<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></head>
<body><div class="letter" dir="{direction}">
{words}
</div></body></html>
"""


def page(words: str, language: str = "") -> str:
    """`words`, which are clean HTML, as the page of a letter; `language` is a code of letters, or nothing."""
    return str(_inliner().inline(PAGE.format(language=language, direction=direction(language), words=words)))


def direction(language: str) -> str:
    """The `dir` of words in a language. Some mail programs know only the plain one, so it is said where it is known."""
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "auto"


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(extra_css=SHEET.read_text("utf-8"), keep_at_rules=True, load_remote_stylesheets=False)


def as_html(text: str) -> str:
    """Plain text as simple HTML: paragraphs, line breaks, and links that can be followed."""
    paragraphs = (LINK.sub(_anchor, markup.escape(each)).replace("\n", "<br>\n") for each in text.strip().split("\n\n"))
    return "\n".join(f"<p>{each}</p>" for each in paragraphs)


def _anchor(found: re.Match[str]) -> str:
    """A link that shows where it leads; the end of one to this desk is left out where it is long."""
    address = found[0]
    if not address.startswith(f"{settings.EVENHAND_URL}/"):
        return f'<a href="{address}">{address}</a>'
    host, path = settings.EVENHAND_URL.partition("://")[2], address.removeprefix(settings.EVENHAND_URL)
    return f'<a class="here" href="{address}">{host}{path[:SHOWN] + "…" if len(path) > SHOWN else path}</a>'
