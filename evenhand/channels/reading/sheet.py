"""Style sheets inside a letter, moved onto its elements, so that it looks as meant once its `<style>` is gone."""

import css_inline

# Bounds on rules × elements, and on bytes of style × elements: what the moving can cost, and what can come of it.
MOST_WORK = 2_000_000
MOST_GROWTH = 40_000_000
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_link_tags=False, keep_style_tags=False)


def inlined(html: str) -> str:
    """The page with its rules as `style` attributes. Nothing is fetched; a sheet too large or broken is left out."""
    start = html.lower().find("<style")
    if start < 0:
        return html
    tags, rules = html.count("<"), html.count("{")
    sheet = html.lower().rfind("</style") - start
    if tags * rules > MOST_WORK or sheet * tags > MOST_GROWTH:
        return html
    try:
        return INLINER.inline(html)
    except Exception:  # noqa: BLE001  whatever the sheet holds, the words are worth showing without it
        return html
