import secrets
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Event, Link, Message
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person
from evenhand.surveys.models import Rating

pytestmark = pytest.mark.django_db


def page(browser: Client, link: Link) -> str:
    answer = browser.get(f"/c/{link.token}")
    assert answer.status_code == 200
    return answer.content.decode()


def answer(conversation: Conversation, agent: Agent, *words: str, **given: object) -> Message:
    """An agent's answer that has left."""
    message = conversation.reply(agent, *words, **given)  # type: ignore[arg-type]
    conversation.went(message, timezone.now())
    return message


def test_it_shows_what_was_said_and_never_a_note(browser, link, conversation, agent):
    conversation.note(agent, "Looks like the old bug.")
    answer(conversation, agent, "Try it now.", html="<p>Try it <strong>now</strong>.</p>")
    shown = page(browser, link)
    assert "It stops after page two." in shown
    assert "<strong>now</strong>" in shown
    assert "old bug" not in shown


def test_an_answer_that_has_not_left_is_not_shown_however_long_it_waits(browser, link, conversation, agent):
    conversation.reply(agent, "Too quick.", leaves_at=timezone.now() + timedelta(seconds=10))
    waits = conversation.reply(agent, "Its server is away.", leaves_at=timezone.now() - timedelta(hours=3))
    shown = page(browser, link)
    assert "Too quick." not in shown
    assert "Its server" not in shown
    conversation.came_back(waits, "550 Nobody there")  # it will not leave any more: here they can read it
    assert "Its server is away." in page(browser, link)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<svg onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="position:fixed">x</p>',
        '<form action="//evil"><input></form>',
        '<iframe src="//evil"></iframe>',
        "<base href='//evil'>",
    ],
)
def test_formatted_words_are_only_words(browser, link, conversation, agent, html):
    answer(conversation, agent, "words", html=f"<p>fine</p>{html}")
    shown = page(browser, link).partition("<p>fine</p>")[2].partition("</article>")[0]
    assert shown
    for bad in ("<script", "onerror", "onload", "javascript:", "<svg", "<img", "style=", "<form", "<iframe", "<base"):
        assert bad not in shown


def test_plain_words_are_escaped_and_braces_are_braces(browser, team, person):
    conversation, _ = Conversation.start(person, team, "{{7*7}} <b>", "{{ 7*7 }} {% include 'x' %} <i>no</i>")
    shown = page(browser, Link.of(conversation, person))
    assert "{{7*7}} &lt;b&gt;" in shown
    assert "{{ 7*7 }} {% include &#x27;x&#x27; %} &lt;i&gt;no&lt;/i&gt;" in shown


def test_nothing_keeps_a_copy(browser, link):
    answer = browser.get(f"/c/{link.token}")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_opening_it_changes_nothing(browser, link, conversation):
    before = (Event.objects.count(), Message.objects.count())
    page(browser, link)
    assert (Event.objects.count(), Message.objects.count()) == before


def test_a_reply_joins_the_thread_once_however_often_it_is_sent(browser, link, conversation, agent):
    conversation.reply(agent, "Better?")
    file = SimpleUploadedFile("../../log.txt", b"line one", "text/plain")
    for _ in range(2):
        answer = browser.post(f"/c/{link.token}/reply", {"text": "No, the same.", "once": "abc", "files": [file]})
        assert answer.status_code == 302
        file.seek(0)
    said = conversation.messages.get(text="No, the same.")
    assert said.person_id == link.person_id
    assert [each.name for each in said.attachments.all()] == ["log.txt"]
    assert Turn.objects.live().filter(number=conversation.number).exists()


def test_a_reply_that_could_not_be_kept_is_kept_when_it_is_sent_again(browser, link, conversation, monkeypatch):
    browser.raise_request_exception = False
    given = {"text": "No, the same.", "once": "abc"}
    with monkeypatch.context() as away:
        away.setattr(Message, "write", lambda *_, **__: 1 / 0)
        assert browser.post(f"/c/{link.token}/reply", given).status_code == 500
    assert browser.post(f"/c/{link.token}/reply", given).status_code == 302
    assert conversation.messages.filter(text="No, the same.").count() == 1


def test_what_one_form_is_called_does_not_stop_anothers(browser, link, conversation, team):
    other, _ = Conversation.start(person := Person.at("otto@other.example"), team, "Mine", "Mine")
    for each in (Link.of(other, person), link):
        assert browser.post(f"/c/{each.token}/reply", {"text": "The same name.", "once": "abc"}).status_code == 302
    assert Message.objects.filter(text="The same name.").count() == 2


def test_an_empty_reply_is_told_so(browser, link, conversation):
    answer = browser.post(f"/c/{link.token}/reply", {"text": "  "})
    assert answer.status_code == 422
    assert "Write a few words first." in answer.content.decode()
    assert conversation.messages.count() == 1


def test_a_file_too_large_keeps_the_words(browser, link, conversation, settings):
    settings.EVENHAND_LETTER_BYTES = 1000
    file = SimpleUploadedFile("film.mp4", b"x" * 5000)
    answer = browser.post(f"/c/{link.token}/reply", {"files": [file], "text": "See the film."})
    assert answer.status_code == 413
    assert "“film.mp4” is too large" in answer.content.decode()
    assert "See the film." in answer.content.decode()
    assert conversation.messages.count() == 1


def test_too_many_replies_in_an_hour_wait(browser, link, monkeypatch):
    monkeypatch.setattr("evenhand.web.help.conversation.REPLIES_AN_HOUR", 2)
    codes = [browser.post(f"/c/{link.token}/reply", {"text": f"again {n}"}).status_code for n in range(3)]
    assert codes == [302, 302, 429]


def test_solved_reopened_and_back_in_the_line(browser, link, conversation):
    browser.post(f"/c/{link.token}/solved")
    conversation.refresh_from_db()
    assert conversation.state == "closed"
    assert "How was it?" in page(browser, link)
    browser.post(f"/c/{link.token}/reopen")
    conversation.refresh_from_db()
    assert conversation.state == "open"
    assert Turn.objects.live().filter(number=conversation.number).exists()
    assert "You are next" in page(browser, link)


def test_whoever_says_it_is_not_solved_waits_even_after_an_answer(browser, link, conversation, agent):
    conversation.reply(agent, "Done.", close=True)
    browser.post(f"/c/{link.token}/reopen")
    assert Turn.objects.live().filter(number=conversation.number).exists()


def test_it_is_rated_after_closing_only(browser, link, conversation):
    browser.post(f"/c/{link.token}/rating", {"score": "5"})
    assert not Rating.objects.exists()
    browser.post(f"/c/{link.token}/solved")
    assert browser.post(f"/c/{link.token}/rating", {"score": "7"}).status_code == 422
    browser.post(f"/c/{link.token}/rating", {"score": "4", "word": "Quick & <kind>"})
    rating = Rating.objects.get()
    assert (rating.score, rating.word) == (4, "Quick & <kind>")
    shown = page(browser, link)
    assert "You said: <strong>good</strong>" in shown
    assert "“Quick &amp; &lt;kind&gt;”" in shown


def test_the_impact_questions_move_it_to_another_lane_once(browser, link, conversation):
    assert "How much does it hurt?" in page(browser, link)
    assert browser.post(f"/c/{link.token}/impact", {"going_on": "no"}).status_code == 422
    since = Turn.objects.live().get(number=conversation.number).waiting_since
    browser.post(f"/c/{link.token}/impact", {"going_on": "no", "wish": "fix"})
    conversation.refresh_from_db()
    assert (conversation.need, conversation.need_first) == ("blocked", "question")
    turn = Turn.objects.live().get(number=conversation.number)
    assert (turn.lane.need, turn.waiting_since) == ("blocked", since)
    assert "How much does it hurt?" not in page(browser, link)
    browser.post(f"/c/{link.token}/impact", {"going_on": "yes", "wish": "idea"})
    conversation.refresh_from_db()
    assert conversation.need == "blocked"


def test_an_unknown_an_expired_and_a_revoked_link_answer_alike(browser, link):
    def answer(token: str) -> tuple[int, str]:
        got = browser.get(f"/c/{token}")
        words = got.content.decode()
        return got.status_code, words.replace(got.context["csrf_token"], "") if got.context else words

    unknown = browser.get("/c/" + "0" * 64)
    assert unknown.status_code == 404
    assert "Mail me my links" in unknown.content.decode()
    forged = browser.get(f"/c/{link.token[:-1]}{'0' if link.token[-1] != '0' else '1'}")
    Link.objects.update(expires_at=timezone.now())
    expired = browser.get(f"/c/{link.token}")
    Link.objects.update(expires_at=timezone.now() + timedelta(days=1), revoked_at=timezone.now())
    revoked = browser.get(f"/c/{link.token}")

    def bare(got) -> str:
        return got.content.decode().partition("csrfmiddlewaretoken")[0]

    for other in (forged, expired, revoked):
        assert other.status_code == 404
        assert bare(other) == bare(unknown)


@pytest.mark.parametrize("act", ["reply", "solved", "reopen", "impact", "rating", "mine"])
def test_no_act_without_a_link_that_holds(browser, link, conversation, act):
    Link.objects.update(revoked_at=timezone.now())
    assert browser.post(f"/c/{link.token}/{act}", {"text": "hello"}).status_code == 404
    conversation.refresh_from_db()
    assert (conversation.state, conversation.message_count) == ("open", 1)


def test_forged_requests_are_refused(link):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/c/{link.token}/solved")
    assert answer.status_code == 403
    assert "Nothing you wrote is lost" in answer.content.decode()


def upload(conversation: Conversation, person: Person, name: str, kind: str, content: bytes) -> Attachment:
    message = conversation.receive(person, "a file", uploads=[Upload(name, kind, content)])
    return message.attachments.get()


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        ("drawing.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("picture.png", "image/png", b"<html><script>alert(1)</script>"),
        ("a\r\nSet-Cookie: x=1.txt", "text/plain; charset=utf-7", b"x"),
        (".htaccess", "application/x\r\nX-Evil: 1", b"x"),
    ],
)
def test_a_file_is_handed_out_as_a_file(browser, link, conversation, person, name, kind, content):
    key = upload(conversation, person, name, kind, content).key
    answer = browser.get(f"/c/{link.token}/files/{key}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] in ("application/octet-stream", "image/png", "text/plain")
    assert "Set-Cookie" not in answer or "x=1" not in answer["Set-Cookie"]
    assert "X-Evil" not in answer
    assert b"".join(answer.streaming_content) == content


def test_a_file_opens_with_its_own_link_only(browser, link, conversation, team, person, agent):
    other_person = Person.at("otto@other.example")
    other, _ = Conversation.start(other_person, team, "Other", "other")
    others_file = upload(other, other_person, "secret.txt", "text/plain", b"secret").key
    mine = upload(conversation, person, "mine.txt", "text/plain", b"mine").key
    note = conversation.note(agent, "internal", uploads=[Upload("note.txt", "text/plain", b"n")]).attachments.get().key
    assert browser.get(f"/c/{link.token}/files/{mine}").status_code == 200
    for key in (others_file, note, "0" * 43):
        assert browser.get(f"/c/{link.token}/files/{key}").status_code == 404
    assert browser.get(f"/c/{'0' * 64}/files/{mine}").status_code == 404


def illustrated(say, name: str) -> Attachment:
    """A message with a picture among its words."""
    key = secrets.token_urlsafe()
    message = say(f'<p>Here: <img src="cid:{key}" alt="{name}" width="60" height="40"></p>')
    file = Attachment.keep(message, Upload(f"{name}.png", "image/png", b"PNG", inline=True, content_id=key))
    Attachment.objects.filter(pk=file.pk).update(key=key)
    file.key = key
    return file


def test_a_picture_among_an_agents_words_is_shown_and_opens_with_its_own_link_only(
    browser, link, conversation, agent, team, person, settings
):
    shown = illustrated(lambda html: answer(conversation, agent, "Here: [image]", html=html), "menu")
    note = illustrated(lambda html: conversation.note(agent, "Here: [image]", html=html), "secret")
    soon = timezone.now() + timedelta(minutes=1)
    waits = illustrated(lambda html: conversation.reply(agent, "x", html=html, leaves_at=soon), "soon")
    theirs = upload(conversation, person, "photo.png", "image/png", b"<html><script>")
    address = f"/c/{link.token}/pictures/{shown.key}"
    html = page(browser, link)
    assert f'<img src="{address}" alt="menu" width="60" height="40">' in html
    assert "menu.png" not in html
    found = browser.get(address)
    assert (found.status_code, found["Content-Type"], found.content) == (200, "image/png", b"PNG")
    assert "sandbox" in found["Content-Security-Policy"]
    for key in (note.key, waits.key, theirs.key, "0" * 43):
        assert browser.get(f"/c/{link.token}/pictures/{key}").status_code == 404
    other, _ = Conversation.start(Person.at("otto@other.example"), team, "Other", "other")
    others = Link.of(other, other.person).token
    assert browser.get(f"/c/{others}/pictures/{shown.key}").status_code == 404
    settings.EVENHAND_CLAMAV = "tcp://127.0.0.1:1"
    assert browser.get(address).status_code == 404
    assert "menu.png" in page(browser, link)


def test_links_are_each_persons_own(conversation, person, link):
    colleague = Person.at("jon@calm.example")
    theirs = Link.of(conversation, colleague)
    assert theirs.token != link.token
    Link.objects.filter(pk=theirs.pk).update(revoked_at=timezone.now())
    assert Link.open(link.token) is not None
    assert Link.open(theirs.token) is None


def test_the_number_of_queries_does_not_grow_with_the_thread(
    browser, link, conversation, agent, person, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(browser, link)
        return len(seen)

    few = queries()
    for n in range(8):
        conversation.receive(person, f"and {n}", uploads=[Upload("a.txt", "text/plain", b"a")])
    assert queries() <= few
