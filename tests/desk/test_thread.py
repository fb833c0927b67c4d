"""A conversation's page: all that was said, in order, and nothing that runs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.models import Conversation, Message
from evenhand.surveys.models import Rating
from evenhand.web.desk import thread as threads

pytestmark = pytest.mark.django_db


def page(client, talk, query=""):
    answer = client.get(f"/desk/c/{talk.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_said_is_there_in_order(desk, noor, tomas, talk, mira):
    talk.note(tomas, "The certificate ran out.", html="<p>The certificate ran out.</p>")
    talk.reply(noor, "We see it.", html="<p>We <strong>see</strong> it.</p>")
    talk.receive(mira, "I am on holiday", automatic=True)
    html = page(desk, talk)
    places = [html.index(words) for words in ("Since eight", "certificate", "<strong>see</strong>", "on holiday")]
    assert places == sorted(places)
    assert "note, for colleagues only" in html
    assert "automatic mail" in html


def test_what_happened_stands_between_the_words(desk, noor, talk):
    talk.take(noor, "its turn")
    talk.tag(noor, ["billing"])
    talk.correct_need("question", "They can work", agent=noor)
    html = page(desk, talk)
    assert "Noor Haddad took it in its turn" in html
    assert "Noor Haddad added #billing" in html
    assert "Noor Haddad changed the need from blocked to question: They can work" in html


def test_letters_html_is_never_in_our_page(desk, team, mira):
    evil = '<p>Hi</p><table><tr><td onclick="x()">1</td></tr></table><script>alert(1)</script>'
    talk = Conversation.start(
        mira, team, "<script>alert(2)</script>{{7*7}}", "<b>bold</b> {% include 'x' %}", html=evil
    )[0]
    html = page(desk, talk)
    assert "<script>alert" not in html
    assert "onclick" not in html
    assert "&lt;script&gt;alert(2)&lt;/script&gt;{{7*7}}" in html
    assert "&lt;b&gt;bold&lt;/b&gt; {% include" in html
    assert f'src="/desk/m/{talk.messages.get().pk}/formatted"' in html
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html


def test_a_strangers_html_kept_as_a_note_is_not_ours_either(desk, talk, mira):
    Message.write(talk, "note", "Words", at=timezone.now(), person=mira, html="<p onclick=x>evil</p>")
    assert "onclick" not in page(desk, talk)


def test_an_agents_html_is_cleaned_whoever_wrote_the_row(desk, noor, talk):
    talk.reply(
        noor, "Words", html='<p onclick=x>Words</p><img src="https://elsewhere.example/p.png"><script>x</script>'
    )
    html = page(desk, talk)
    assert "onclick" not in html
    assert "elsewhere.example" not in html


def test_links_in_text_are_links_to_the_web_only(desk, team, mira):
    talk = Conversation.start(mira, team, "S", 'https://a.example/?q=1&x="><i> javascript:alert(1) http://<script>')[0]
    html = page(desk, talk)
    assert 'href="https://a.example/?q=1&amp;x=' in html
    assert 'href="javascript' not in html
    assert "<i>" not in html.split('id="thread"')[1].split("</article>")[0]


def test_the_panel_tells_who_it_is_and_says_what_it_does_not(desk, talk, mira, team):
    other = Conversation.start(mira, team, "Another thing", "T")[0]
    Rating.give(other, mira, 4, "Quick, and <kind>.")
    html = page(desk, talk)
    assert "Plan and spend are not shown here. On purpose." in html
    for words in (
        "Mira Okafor",
        "Lumen Ateliers",
        "mira@lumen.example",
        "Writes English",
        "Another thing",
        "Quick, and &lt;kind&gt;.",
    ):
        assert words in html


def test_conversations_of_other_teams_are_not_beside_it(desk, talk, mira, stranger):
    hidden = Conversation.start(mira, stranger.teams.get(), "Hidden thing", "T")[0]
    Rating.give(hidden, mira, 1, "Secret words")
    html = page(desk, talk)
    assert "Hidden thing" not in html
    assert "Secret words" not in html


def test_a_long_thread_comes_in_pieces_and_loses_nothing(desk, talk, mira, monkeypatch):
    for i in range(threads.LATEST + 9):
        Message.write(talk, "customer", f"word-{i}-end", at=timezone.now() + timedelta(seconds=i), person=mira)
    html = page(desk, talk)
    assert "word-8-end" not in html
    earlier = html.split('href="?before=')[1].split('"')[0]
    before = page(desk, talk, f"?before={earlier}")
    assert "Since eight" in before
    shown = [f"word-{i}-end" in html or f"word-{i}-end" in before for i in range(threads.LATEST + 9)]
    assert all(shown)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 50, "٣"])
def test_a_wrong_place_in_the_thread_is_no_error(desk, talk, before):
    page(desk, talk, f"?before={before}")


def test_a_very_long_message_is_cut_and_whole_elsewhere(desk, team, mira):
    talk = Conversation.start(mira, team, "S", "begin " + "x " * 20_000 + "the-end", quoted="> older words")[0]
    assert "the-end" not in page(desk, talk)
    whole = desk.get(f"/desk/m/{talk.messages.get().pk}/text")
    assert "the-end" in whole.content.decode()
    assert "> older words" in whole.content.decode()
    assert whole["Content-Type"].startswith("text/plain")
    assert "sandbox" in whole["Content-Security-Policy"]


def test_the_number_of_queries_does_not_depend_on_the_thread(desk, noor, talk, mira, hours_kept):
    page(desk, talk)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            page(desk, talk)
        return len(caught)

    few = queries()
    for _ in range(6):
        talk.receive(mira, "more", uploads=[])
        talk.reply(noor, "again")
    assert queries() == few <= 8


def test_a_file_is_handed_out_sealed(desk, talk):
    file = talk.messages.get().attachments.get()
    answer = desk.get(f"/desk/a/{file.key}")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Content-Disposition"] == 'attachment; filename="white page.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_raw_letter_is_a_download(desk, talk):
    given = {"via": "smtp", "raw": b"From: <script>\r\n\r\n\xff", "size": 1, "sha256": "0", "conversation": talk}
    letter = Letter.objects.create(mailbox=Mailbox.default(), **given)
    answer = desk.get(f"/desk/letter/{letter.pk}/raw")
    assert answer.content == b"From: <script>\r\n\r\n\xff"
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_merged_conversation_leads_where_it_went(desk, noor, talk, team, mira):
    other = Conversation.start(mira, team, "Same", "T")[0]
    other.merge(talk, noor)
    assert desk.get(f"/desk/c/{other.pk}/").url == f"/desk/c/{talk.pk}/"
