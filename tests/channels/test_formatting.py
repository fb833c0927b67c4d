"""The formatted part of our letters: its styles in its elements, nothing from elsewhere, and readable either way."""

import re

import pytest

from evenhand.channels import sending
from evenhand.channels.formatting import as_html, page

from .post import arrive, write

pytestmark = pytest.mark.django_db


def sent(conversation, ada, box, settings, html: str, text: str = "x") -> str:
    settings.EVENHAND_OUTBOUND = box.url
    conversation.reply(ada, text, html=html)
    sending.send_all()
    return str(box.mail()[-1].get_body(("html",)).get_content())


@pytest.fixture
def conversation(mailbox):
    return arrive(write("Wo ist\nmeine Rechnung? https://shop.example/x")).conversation


def test_styles_are_written_into_the_elements(conversation, ada, box, settings):
    html = sent(conversation, ada, box, settings, "<p>Press <code>F5</code>.</p><ul><li>one</li></ul>")
    assert re.search(r'<p style="margin: 0 0 16px[^"]*">Press <code style="[^"]*font-family', html)
    assert re.search(r'<blockquote class="earlier" dir="\w+" style="[^"]*border-left: 3px solid', html)
    assert re.findall(r"<style>(.*?)</style>", html, re.S)[0].strip().startswith("@media (prefers-color-scheme: dark)")
    assert '<meta name="color-scheme" content="light dark">' in html


def test_nothing_is_loaded_and_nobody_is_counted(conversation, ada, box, settings):
    html = sent(conversation, ada, box, settings, "<p>See <a href='https://x.example/a?b=1&amp;c=2'>this</a>.</p>")
    assert not re.search(r"<(img|link|script|iframe|object|form)\b|url\(|@import|@font-face|\sbackground=", html)
    assert 'href="https://x.example/a?b=1&amp;c=2"' in html  # not by way of us


def test_a_link_to_the_desk_shows_where_it_leads_without_its_secret(settings):
    settings.EVENHAND_URL = "https://desk.example"
    secret = "k" * 64
    assert as_html(f"Here: https://desk.example/c/{secret}").endswith(f"{'desk.example/c/' + 'k' * 9}…</a></p>")
    assert (
        as_html("https://desk.example/x") == '<p><a class="here" href="https://desk.example/x">desk.example/x</a></p>'
    )
    other = "https://desk.example.evil.example/" + "x" * 80
    assert f">{other}</a>" in as_html(other)


def test_which_way_words_run_is_said(conversation, ada, box, settings):
    conversation.language = "he"
    conversation.save()
    html = sent(conversation, ada, box, settings, "<p>שלום</p><ul><li>אחת</li></ul>", "שלום")
    assert '<div dir="rtl">' in html
    assert re.search(r'<ul style="[^"]*padding-right: 24px', html)


def test_words_that_look_like_styles_or_tags_are_words(conversation, ada, box, settings):
    html = sent(conversation, ada, box, settings, "", "</style><script>x</script> {{7*7}} {words} </div>")
    assert "&lt;/style&gt;&lt;script&gt;x&lt;/script&gt; {{7*7}} {words} &lt;/div&gt;" in html


def test_a_long_letter_is_dressed_quickly():
    words = "".join(f"<p>{n} <strong>b</strong> <code>c</code></p>" for n in range(5_000))
    assert page(words, "en").count("<p style=") == 5_000
