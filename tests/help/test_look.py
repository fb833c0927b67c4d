"""The customers' pages in a real browser: readable for everyone, and whole without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.channels import beginning
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation, Link
from evenhand.surveys.models import Rating
from tests.browser import PHONE, axe

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
            conversation.reply(
                agent, "a", html="<p>One <b>two</b></p><pre>" + "code " * 60 + "</pre><ul><li>x</li></ul>"
            )
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
    assert page.get_by_role("alert").count() == 1
    readable(page)


def test_a_whole_conversation_without_javascript(visit, in_state, agent):
    page = visit(None, in_state("answered"), script=False)
    page.get_by_label("Your words").fill("Not quite: the second page is empty.")
    page.get_by_label("Files").set_input_files({"name": "second.txt", "mimeType": "text/plain", "buffer": b"empty"})
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your words have reached us.").wait_for()
    assert page.get_by_text("Not quite: the second page is empty.").is_visible()
    assert page.get_by_role("heading", name="You are next").is_visible()
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
    assert page.get_by_role("heading", name="You are next").is_visible()


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


def test_a_question_by_the_form_without_javascript(visit, team):
    page = visit(None, "/ask", script=False)
    page.get_by_label("Your name").fill("Mira Lind")
    page.get_by_label("Your mail address").fill("mira@calm.example")
    page.get_by_label("What is it about?").fill("Calendars")
    page.get_by_label("Your question").fill("How do I add a second one?")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("An answer").check()
    page.get_by_role("button", name="Send the question").click()
    assert page.get_by_role("heading", name="Thank you. It is in the line.").is_visible()
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
