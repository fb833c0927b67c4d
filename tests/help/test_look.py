"""The customers' pages in a real browser: readable for everyone, and whole without JavaScript."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from evenhand.channels import beginning
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Link
from evenhand.surveys.models import Rating
from evenhand.web.wording import wording_in
from tests.browser import PHONE, axe

LANGUAGES = [code for code, _ in settings.LANGUAGES]
# What has more in it than it shows: words of a button, a choice or a title that do not fit.
CUT_OFF = """() => [...document.querySelectorAll(".button, .choice, h1, h2, dt, summary, legend:not(.only-read)")]
    .filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => each.textContent.trim())"""
STATES = ["waiting", "taken", "answered", "aside", "solved", "rated", "form", "late"]


@pytest.fixture
def in_state(team, agent, person):
    """The link to a conversation in a state, with something of everything in its thread."""

    def make(state: str) -> str:
        at = timezone.now() - timedelta(days=30) if state == "late" else None
        channel = "form" if state == "form" else "mail"
        words = "See https://calm.example/a?b=1 " + "long" * 80
        conversation, _ = Conversation.start(
            person, team, "The export stops " + "x" * 60, words, channel=channel, at=at,
            uploads=[Upload("log.txt", "text/plain", b"x")],
        )  # fmt: skip
        if state in ("answered", "solved", "rated", "aside"):
            html = "<p>One <b>two</b></p><pre>" + "code " * 60 + "</pre><ul><li>x</li></ul>"
            conversation.went(conversation.reply(agent, "a", html=html), timezone.now())
        if state == "taken":
            conversation.take(agent, "its turn")
        if state == "aside":
            conversation.snooze(agent, timezone.now() + timedelta(days=3))
        if state in ("solved", "rated"):
            conversation.close(person=person)
        if state == "rated":
            Rating.give(conversation, person, 4, "Quick.")
        return f"/c/{Link.of(conversation, person).token}"

    return make


def readable(page) -> None:
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []


@pytest.mark.parametrize("state", STATES)
def test_a_conversation_is_readable_in_every_state(visit, in_state, state):
    readable(visit(None, in_state(state)))


@pytest.mark.parametrize("path", ["/", "/ask", "/link", "/c/" + "0" * 64])
def test_the_other_pages_are_readable(visit, team, path):
    readable(visit(None, path, forgive=("404",)))


def test_what_is_wrong_in_the_form_is_readable_too(visit, team):
    page = visit(None, "/ask", forgive=("422",))
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("alert")).to_have_count(1)
    readable(page)


def test_a_whole_conversation_without_javascript(visit, in_state, agent):
    page = visit(None, in_state("answered"), script=False)
    page.get_by_label("Your words").fill("Not quite: the second page is empty.")
    page.get_by_label("Files").set_input_files({"name": "second.txt", "mimeType": "text/plain", "buffer": b"empty"})
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your words have reached us.").wait_for()
    expect(page.get_by_text("Not quite: the second page is empty.")).to_be_visible()
    expect(page.get_by_role("heading", name="You are next")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="second.txt").click()
    assert download.value.path().read_bytes() == b"empty"
    page.get_by_text("How much does it hurt?").click()
    page.get_by_label("No, I am stuck").check()
    page.get_by_label("Getting something to work").check()
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("It waits where it belongs now.").wait_for()
    page.get_by_role("button", name="It is solved").click()
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("A word about it").fill("Kind.")
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Thank you for telling us.").wait_for()
    page.get_by_role("button", name="Reopen without words").click()
    expect(page.get_by_role("heading", name="You are next")).to_be_visible()


@pytest.mark.parametrize(
    ("state", "button"), [("answered", "Send"), ("solved", "Say it"), ("solved", "Send and reopen")]
)
def test_what_is_wrong_is_in_sight_on_a_phone(visit, in_state, state, button):
    """The page comes back at the form that it is about, however much was said above it; no script moves it."""
    page = visit(None, in_state(state), phone=True, script=False, forgive=("422",))
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".error").first).to_be_in_viewport()


def test_words_from_the_right_are_written_from_the_right(visit, team):
    page = visit(None, "/ask", phone=True)
    for name in ("What is it about?", "Your question"):
        page.get_by_label(name).fill("التصدير يتوقف")
        assert page.get_by_label(name).evaluate("each => getComputedStyle(each).direction") == "rtl"


def test_a_film_too_large_leaves_the_words_in_the_form(visit, team):
    """Over the real server, with a body larger than it takes as a letter."""
    page = visit(None, "/ask", forgive=("413",))
    page.get_by_label("Your question").fill("See the film.")
    page.get_by_label("Files").set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 27_000_000}
    )
    page.get_by_role("button", name="Send the question").click()
    page.get_by_text("“film.mp4” is too large").wait_for()
    assert page.get_by_label("Your question").input_value() == "See the film."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits(visit, in_state, language):
    """On a desk, a phone and the narrowest screen that must do (WCAG 1.4.10), with what is wrong in a form said too."""
    paths = [in_state("waiting"), in_state("solved"), "/", "/link", "/ask"]
    for path in paths:
        page = visit(None, f"{path}?language={language}", forgive=("422",))
        if path == "/ask":
            page.get_by_role("button", name=wording_in(language).ask.send).click()
            page.get_by_role("alert").wait_for()
        for width in (1200, PHONE["width"], 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(CUT_OFF) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_language_written_from_the_right_would_fit_too(visit, in_state):
    """None of the ten is; the layout only speaks of where a line begins and ends."""
    for path in (in_state("waiting"), in_state("solved"), "/", "/ask"):
        page = visit(None, path, phone=True)
        page.evaluate("document.documentElement.dir = 'rtl'")
        page.locator(".languages summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert page.locator(".languages ul").bounding_box()["x"] >= 0
        assert page.locator(".brand").bounding_box()["x"] > PHONE["width"] / 2


@pytest.mark.parametrize("language", ["de", "ja"])
def test_other_languages_are_readable_too(visit, in_state, language):
    for path in (in_state("late"), "/ask"):
        readable(visit(None, f"{path}?language={language}"))


def test_a_language_is_chosen_without_javascript(visit, team):
    page = visit(None, "/ask", script=False)
    page.locator("summary").get_by_text("English").click()
    page.get_by_role("link", name="日本語").click()
    expect(page.get_by_role("heading", name="質問する", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ja"
    page.goto("/")  # the choice is kept
    expect(page.get_by_role("link", name="質問する")).to_be_visible()


def test_a_whole_conversation_in_japanese(visit, team, agent, person):
    conversation, _ = Conversation.start(person, team, "書き出しが止まる", "二ページ目で止まります。", language="ja")
    page = visit(None, f"/c/{Link.of(conversation, person).token}", script=False)
    expect(page.get_by_role("heading", name="次はあなたの番です")).to_be_visible()
    page.get_by_label("メッセージ", exact=True).fill("追記です。")
    page.get_by_role("button", name="送る", exact=True).last.click()
    page.get_by_text("メッセージを受け取りました。").wait_for()
    page.get_by_text("どのくらいお困りですか").click()
    page.get_by_label("いいえ、作業が止まっています").check()
    page.get_by_label("動くようになること").check()
    page.get_by_role("button", name="送る", exact=True).first.click()
    page.get_by_text("ふさわしい列にお並びいただきました。").wait_for()
    page.get_by_role("button", name="解決しました").click()
    page.get_by_label("満足", exact=True).check()
    page.get_by_role("button", name="送る", exact=True).first.click()
    page.get_by_text("お聞かせいただき、ありがとうございます。").wait_for()
    assert Rating.objects.get().score == 4
    conversation.refresh_from_db()
    assert (conversation.need, conversation.state) == ("blocked", "closed")


def test_a_question_by_the_form_without_javascript(visit, team):
    page = visit(None, "/ask", script=False)
    page.get_by_label("Your name").fill("Mira Lind")
    page.get_by_label("Your mail address").fill("mira@calm.example")
    page.get_by_label("What is it about?").fill("Calendars")
    page.get_by_label("Your question").fill("How do I add a second one?")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("An answer").check()
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", name="Thank you. It is in the line.")).to_be_visible()
    beginning.begin_all()
    assert Conversation.objects.get().need == "question"


def test_another_site_learns_nothing_of_the_address(visit, in_state):
    """The referrer is same-origin: a link that leads away carries none, and the forms still prove where they are from."""
    page = visit(None, in_state("waiting"))
    sent = []
    page.context.route(
        "https://calm.example/**", lambda route: (sent.append(route.request.headers), route.fulfill(body=""))
    )
    page.get_by_role("link", name="https://calm.example").click()
    page.wait_for_url("https://calm.example/**")
    assert sent
    assert "referer" not in sent[0]
