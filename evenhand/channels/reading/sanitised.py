"""HTML made safe to show in a sandboxed frame: nothing runs, nothing is requested, nothing leaves its place.

Pictures from elsewhere keep their address in `data-remote-src` (and `data-remote-background`), so that the desk can
fetch them through its proxy when an agent asks; `cid:` pictures keep theirs, to be resolved to the letter's own files.
"""

import re
import secrets

import nh3

TAGS = {
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li",
    "main", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
    "var", "wbr",
}  # fmt: skip
EVERYWHERE = {"align", "bgcolor", "color", "dir", "height", "lang", "style", "title", "valign", "width"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "font": {"face", "size"},
    "table": {"background", "border", "cellpadding", "cellspacing", "frame", "rules", "summary"},
    "td": {"background", "colspan", "headers", "nowrap", "rowspan", "scope"},
    "th": {"abbr", "background", "colspan", "headers", "nowrap", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"reversed", "start", "type"},
    "ul": {"type"},
    "li": {"type", "value"},
    "hr": {"noshade", "size"},
    "blockquote": {"cite"},
    "time": {"datetime"},
}
# Only what colours, spaces and sizes; nothing that positions, animates, transforms, generates content or loads.
STYLES = {
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width",
    "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width",
    "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width",
    "border-spacing", "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width",
    "border-width", "caption-side", "clear", "color", "direction", "display", "empty-cells", "float", "font",
    "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-height", "max-width", "min-height", "min-width", "overflow-wrap", "padding", "padding-bottom",
    "padding-left", "padding-right", "padding-top", "quotes", "table-layout", "text-align", "text-decoration",
    "text-indent", "text-transform", "unicode-bidi", "vertical-align", "white-space", "width", "word-break",
    "word-spacing", "word-wrap",
}  # fmt: skip
# Their content is no text.
DROPPED = {
    "applet",
    "embed",
    "frame",
    "frameset",
    "head",
    "iframe",
    "math",
    "noframes",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xml",
}
SCHEMES = {"http", "https", "mailto", "tel", "sms", "cid", "data", "ftp"}
SAFE_DATA = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
LOADS = re.compile(
    r"url\s*\(|image-set|expression|@import|-moz-binding|behavior|\\|/\*|var\s*\(|attr\s*\(|env\s*\(", re.IGNORECASE
)
OUTWARD = re.compile(r"\s*(?:https?:)?[\\/]{2}", re.IGNORECASE)
# Put before an address while nh3 works, and turned into an attribute afterwards; nobody can guess it in a letter.
NONCE = "https://" + secrets.token_hex(16) + ".invalid/#"
NEUTRALISED = re.compile(rf' (src|background)="{re.escape(NONCE)}')


def allowed(_tag: str, attribute: str, value: str) -> str | None:
    """The value to keep for one attribute, or None to drop it."""
    if attribute == "style":
        return None if LOADS.search(value) else value
    if attribute in ("src", "background"):
        return picture(value)
    if attribute == "href":
        return link(value)
    if attribute == "cite":
        return None
    return value


def picture(address: str) -> str | None:
    """A picture's address: the letter's own or small data as it is, one from elsewhere marked, anything else gone."""
    address = address.strip()
    lowered = address[:5].lower()
    if lowered.startswith("cid:"):
        return address
    if lowered == "data:":
        return address if SAFE_DATA.match(address) else None
    if OUTWARD.match(address):
        return NONCE + ("https:" + address if address[:1] in "/\\" else address)
    return None


def link(address: str) -> str | None:
    """A link's address: whole, with its host in the spelling that cannot pass for another one."""
    address = address.strip()
    if address[:2] in ("//", "\\\\", "/\\", "\\/"):
        address = "https://" + address[2:]
    scheme, colon, rest = address.partition(":")
    if not colon or scheme.lower() in ("cid", "data") or not scheme.isalpha():
        return None
    if address.isascii() or scheme.lower() not in ("http", "https", "ftp"):
        return address
    host, slash, path = rest.lstrip("/").partition("/")
    try:
        return f"{scheme}://{host.encode('idna').decode('ascii')}{slash}{path}"
    except UnicodeError:
        return None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes=ATTRIBUTES,
    attribute_filter=allowed,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=SCHEMES,
    url_relative="pass_through",
    filter_style_properties=STYLES,
)


# The same without a look at every value, for pages that hold nothing such a look could find.
QUICK_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes={tag: names - {"background", "cite", "src"} for tag, names in ATTRIBUTES.items()},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=SCHEMES - {"cid", "data"},
    url_relative="deny",
    filter_style_properties=STYLES,
)
# Whatever a value could hold that is worth the look: a page without any of these is cleaned the quick way.
WORTH_A_LOOK = ("src", "background=", "background =", "&#", "url", "expression", "\\", "/*", '"//', "'//", "=//")


def sanitised(html: str) -> str:
    """The fragment of safe HTML that shows what the writer meant."""
    lowered = html.lower()
    if html.isascii() and not any(sign in lowered for sign in WORTH_A_LOOK):
        return QUICK_CLEANER.clean(html).strip()
    return NEUTRALISED.sub(r' data-remote-\1="', CLEANER.clean(html)).strip()
