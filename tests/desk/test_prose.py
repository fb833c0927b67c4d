"""What an agent wrote, cleaned and in plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.web.desk.prose import Prose, TooLong, clean, plain

LETTER = (
    '<p>Hi <strong>Ann</strong>,</p><p>see <a href="https://x.example/z">this</a> or '
    '<a href="https://a.example">https://a.example</a><br>line two</p>'
    "<ul><li><p>one</p></li><li><p>two</p><ul><li><p>deep</p></li></ul></li></ul><p>then</p>"
    "<ol><li>a</li><li>b</li></ol><blockquote><p>quote</p><p>more</p></blockquote><pre><code>x = 1\n  y</code></pre><p>end</p>"
)
TEXT = """Hi Ann,

see this (https://x.example/z) or https://a.example
line two

- one
- two
  - deep

then

1. a
2. b

> quote
>
> more

x = 1
  y

end"""


def test_plain_text_reads_like_a_letter():
    assert Prose.read(LETTER, "html").text == TEXT


@pytest.mark.parametrize(
    "evil",
    ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<svg onload=alert(1)>", '<p style="position:fixed">x</p>',
     '<a href="javascript:alert(1)">x</a>', "<scr<script>ipt>alert(1)</script>", "<iframe src=//x>", "<base href=//x>",
     "<form action=//x><input></form>", "<style>*{}</style>", '<a href="https://x.example" onclick=x style=x target=_blank>x</a>'],
)  # fmt: skip
def test_what_is_not_prose_is_gone(evil):
    html = clean(evil)
    assert not any(
        word in html
        for word in ("script", "onerror", "onload", "style", "<img", "<svg", "iframe", "base", "form", "onclick")
    )
    assert "javascript" not in html


@pytest.mark.parametrize("empty", ["", "   ", "<p></p>", "<p>  <br></p>", "\n\n"])
@pytest.mark.parametrize("form", ["html", "text"])
def test_nothing_written_is_nothing(empty, form):
    if form == "text" and "<" in empty:
        assert Prose.read(empty, form).text == empty.strip()
    else:
        assert Prose.read(empty, form) == ("", "")


def test_a_plain_text_field_is_taken_literally():
    assert (
        Prose.read("{{7*7}} <b>\r\nnext\r\n\r\nsecond", "text").html == "<p>{{7*7}} &lt;b&gt;<br>next</p><p>second</p>"
    )


def test_too_long_is_said():
    with pytest.raises(TooLong, match="200,000"):
        Prose.read("x" * 200_001, "text")


@given(st.text(max_size=300))
def test_any_text_can_be_written_and_none_holds_a_nul(words):
    for form in ("html", "text"):
        prose = Prose.read(words, form)
        assert "\0" not in prose.html + prose.text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<blockquote>", "</blockquote>", "<ol>", "</ol>",
                                 "a", "<br>", "<pre>", "</pre>", '<a href="https://x.example">', "</a>", "\n"]), max_size=40))  # fmt: skip
def test_any_nesting_can_be_read(parts):
    text = plain(clean("".join(parts)))
    assert text.replace("https://x.example", "").count("a") == parts.count("a")
