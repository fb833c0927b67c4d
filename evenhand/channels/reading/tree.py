"""Changes to the tree of a page, whatever characters stand in it."""

import re
from typing import Any

Element = Any  # lxml publishes no types
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fit_for_a_tree(text: str) -> str:
    """Text without the characters that a page can hold by way of an entity, and that a tree refuses to be given."""
    return text if text.isprintable() else UNFIT.sub("", text)


def drop(element: Element) -> None:
    """Take an element out of its tree, and leave the text behind it where it is."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail
    element.tail = None
    parent.remove(element)
    if tail and before is None:
        parent.text = fit_for_a_tree((parent.text or "") + tail)
    elif tail:
        before.tail = fit_for_a_tree((before.tail or "") + tail)
