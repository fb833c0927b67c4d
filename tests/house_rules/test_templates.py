"""What every page must keep, and what a look at one page on one screen cannot show."""

import re

from .test_names import ROOT

SCROLLS = re.compile(r'<div class="(?:[^"]* )?scroll(?: [^"]*)?"([^>]*)>')


def test_what_scrolls_sideways_can_be_reached_by_keyboard_and_says_what_it_is():
    """Whether it overflows, and whether axe sees it, hangs on the words of the day and the width of the window."""
    found = {
        (path.name, rest) for path in ROOT.rglob("*.html") for rest in SCROLLS.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 10
    assert {
        each for each in found if not all(must in each[1] for must in ('tabindex="0"', 'role="region"', "aria-label"))
    } == set()
