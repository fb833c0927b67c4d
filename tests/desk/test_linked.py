import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from evenhand.web.desk.linked import linked


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/wiki/Queue_(data)", ["https://a.example/wiki/Queue_(data)"]),
        ("http://a.example/?q=1&x=2, https://b.example", ["http://a.example/?q=1&amp;x=2", "https://b.example"]),
        ('https://a.example/"onclick=x', ["https://a.example/"]),
        ("javascript://a.example data:// ftp://a.example https://", []),
        ("<https://a.example>", ["https://a.example"]),
        ("https://(", []),
        ("https://((", ["https://(("]),
    ],
)
def test_web_addresses_are_links_and_nothing_else_is(text, addresses):
    html = str(linked(text))
    assert [part.split('"')[0] for part in html.split('href="')[1:]] == addresses


@given(st.text(alphabet="htps:/.<>&\"'() ax\n", max_size=200))
def test_the_words_stay_as_they_were(text):
    import re

    html = str(linked(text))
    assert re.sub(r"</?a[^>]*>", "", html) == str(escape(text))


def test_five_thousand_links_in_time():
    begun = time.perf_counter()
    linked("https://a.example/x " * 5001 + "http://" * 20_000)
    assert time.perf_counter() - begun < 1
