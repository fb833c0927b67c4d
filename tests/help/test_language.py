"""A customer's pages are in their own language, whoever they are, and an agent's stay as they were."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings as configured
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from evenhand.channels import beginning
from evenhand.channels.models import Outgoing, Question
from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Person
from evenhand.web.help.tasks import mail_fresh_links
from evenhand.web.wording import Wording, wording_in

from .test_ask import GIVEN, statements

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in configured.LANGUAGES]
each_language = pytest.mark.parametrize("language", LANGUAGES)


def of(client: Client, path: str, **more) -> str:
    return client.get(path, **more).content.decode()


def said(text: str) -> str:
    """As HTML has it."""
    return text.replace("'", "&#39;")


def letter() -> EmailMessage:
    """The one letter that was made."""
    return message_from_bytes(bytes(Outgoing.objects.get().raw), policy=policy.default)


@pytest.fixture
def speaks(team):
    """A conversation in a language, and its page."""

    def ask(language: str, person: str = "mira@calm.example") -> tuple[Conversation, str]:
        asker = Person.at(person, "Mira Lind")
        conversation, _ = Conversation.start(asker, team, "Export", "It stops.", language=language)
        return conversation, reverse("help:conversation", args=[Link.of(conversation, asker).token])

    return ask


@each_language
def test_a_conversation_is_read_in_its_own(browser, speaks, language):
    page, say = of(browser, speaks(language)[1]), wording_in(language)
    assert f'<html lang="{language}" dir="ltr"' in page
    for words in (say.standing.next, say.standing.same_line, say.reply.title, say.impact.stuck, say.conversation.you):
        assert said(words) in page


@each_language
def test_all_of_a_conversation_is_in_it(browser, speaks, agent, language):
    """Each thing that can be done, what it answers, and what stands there afterwards."""
    say = wording_in(language)
    conversation, path = speaks(language)
    assert said(say.reply.no_text) in browser.post(f"{path}/reply", {"text": " "}).content.decode()
    assert said(say.impact.no_wish) in browser.post(f"{path}/impact", {"going_on": "no"}).content.decode()
    browser.post(f"{path}/impact", {"going_on": "no", "wish": "fix"})
    assert said(say.impact.said) in of(browser, path)
    browser.post(f"{path}/reply", {"text": "And again."})
    assert said(say.reply.reached) in of(browser, path)
    conversation.refresh_from_db()
    conversation.went(conversation.reply(agent, "Better?", close=True), timezone.now())
    shown = of(browser, path)
    for words in (say.rating.ask, *say.rating.scores, say.reply.not_solved, say.reply.reopen):
        assert said(words) in shown
    assert said(say.rating.choose) in browser.post(f"{path}/rating", {"score": "9"}).content.decode()
    browser.post(f"{path}/rating", {"score": "4"})
    assert said(say.rating.title) in of(browser, path)
    conversation.refresh_from_db()
    conversation.snooze(agent, timezone.now() + timedelta(days=9))
    assert said(say.standing.aside) in of(browser, path)


def pages(say: Wording) -> dict[str, list[str]]:
    """What stands on the pages that need no link."""
    return {
        "/": [say.home.title, say.home.answers, say.need.blocked, say.page.team],
        "/ask": [say.ask.lead, say.question.subject, say.impact.going_on, say.impact.fix, say.fields.files],
        "/link": [say.link.find, say.question.email, say.link.send],
        "/c/" + "0" * 64: [say.link.lost, say.link.why_lost],
        "/nothing": [say.error.nothing, say.error.nothing_why, say.page.front],
    }


@each_language
def test_a_browser_is_answered_in_what_it_asks_for(browser, team, language):
    for path, words in pages(wording_in(language)).items():
        answer = browser.get(path, headers={"accept-language": f"tlh, {language}-XX;q=0.8, en;q=0.1"})
        assert [each for each in words if said(each) not in answer.content.decode()] == []
        assert answer["Content-Language"] == language
        assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


@each_language
def test_what_is_wrong_in_a_form_is_said_in_it(browser, team, language, settings):
    say = wording_in(language)
    asks = {"headers": {"accept-language": language}}
    page = browser.post("/ask", {"email": "mira", "name": "a\0b", "subject": "x" * 201, "once": "a"}, **asks)
    assert page.status_code == 422
    with translation.override(language):
        too_long = translation.ngettext(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
            200,
        ) % {"limit_value": 200, "show_value": 201}  # fmt: skip
    for words in (say.question.bad_email, say.question.no_text, say.impact.no_going_on, say.fields.problems, too_long):
        assert said(words) in page.content.decode()
    settings.EVENHAND_LETTER_BYTES = 2**20
    from django.core.files.uploadedfile import SimpleUploadedFile

    film = SimpleUploadedFile("film.mp4", b"x" * (2**20 + 1))
    page = browser.post("/ask", GIVEN | {"files": [film]}, **asks)
    assert said(say.files.too_large.format(name="film.mp4", limit=1)) in page.content.decode()


@each_language
def test_a_question_is_thanked_for_and_answered_in_it(browser, team, language):
    """The words are too few to tell a language by; the page that it was asked on does."""
    page = browser.post("/ask", GIVEN | {"subject": "?", "text": "?"}, headers={"accept-language": language})
    assert said(wording_in(language).ask.asked) in page.content.decode()
    assert Question.objects.get().reads == language
    beginning.begin_all()
    conversation = Conversation.objects.get()
    from evenhand.channels import wording

    subject = wording.wording_in(language).asked_subject.format(number=conversation.number)
    assert letter()["Subject"] == subject
    path = reverse("help:conversation", args=[Link.objects.get().token])
    assert f'<html lang="{language}"' in of(browser, path)


@each_language
def test_the_letter_with_fresh_links_is_in_it(speaks, language):
    conversation, _ = speaks(language)
    mail_fresh_links("mira@calm.example")
    say = wording_in(language).letter
    assert letter()["Subject"] == say.subject.format(desk=configured.EVENHAND_NAME)
    words = letter().get_body(("plain",)).get_content()
    assert say.fresh.strip().splitlines()[0] in words
    assert say.each.partition("{date}")[0].format(number=conversation.number) in words


def test_what_is_chosen_counts_more_and_is_kept(browser, speaks):
    _, path = speaks("de")
    assert '<html lang="de"' in of(browser, path)
    answer = browser.get(f"{path}?language=ja")
    assert '<html lang="ja"' in answer.content.decode()
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("ja", True, "Lax")
    assert '<html lang="ja"' in of(browser, path)
    assert '<html lang="ja"' in of(browser, "/ask", headers={"accept-language": "fr"})
    assert 'hreflang="ja" aria-current="true"' in of(browser, path)


@pytest.mark.parametrize("strange", ["tlh", "de\r\nX: y", "../en", "", "EN", "de-AT"])
def test_what_is_no_language_of_ours_is_not_chosen(browser, team, strange):
    answer = browser.get("/ask", {"language": strange}, headers={"accept-language": "sv"})
    assert '<html lang="sv"' in answer.content.decode()
    assert "language" not in answer.cookies
    browser.cookies["language"] = "tlh"
    assert '<html lang="sv"' in of(browser, "/ask", headers={"accept-language": "sv"})


def test_a_language_that_is_not_spoken_falls_to_the_browsers_and_then_to_the_desks(browser, speaks, settings):
    settings.EVENHAND_LANGUAGE = "pl"
    _, path = speaks("tlh")
    assert '<html lang="nl"' in of(browser, path, headers={"accept-language": "nl"})
    for nothing in ("", "tlh", "*", ";;q=,", "x" * 600):
        assert '<html lang="pl"' in of(browser, path, headers={"accept-language": nothing})
    mail_fresh_links("mira@calm.example")
    assert letter()["Subject"].startswith("Twój odnośnik")


def test_a_colleague_reads_in_the_conversations_language_too(browser, speaks):
    conversation, _ = speaks("fr")
    colleague = Person.at("jon@calm.example", "Jon", "sv")
    path = reverse("help:conversation", args=[Link.of(conversation, colleague).token])
    assert '<html lang="fr"' in of(browser, path)


def test_agents_pages_stay_in_english(browser, speaks, agent):
    """The thread that made a German page makes an agent's next."""
    _, path = speaks("de")
    at_the_desk = Client(headers={"accept-language": "ja"})
    at_the_desk.cookies["language"] = "ja"
    at_the_desk.force_login(agent)
    for desk in ("/desk/", "/settings/", "/account/"):
        assert '<html lang="de"' in of(browser, path)
        assert translation.get_language() == "en"
        page = at_the_desk.get(desk, follow=True)
        assert '<html lang="en"' in page.content.decode()
    assert '<html lang="en"' in of(Client(headers={"accept-language": "ja"}), "/sign-in/")
    answer = at_the_desk.get("/desk/?language=de")
    assert "language" not in answer.cookies
    assert "Content-Language" not in answer


def test_a_forged_form_is_refused_in_the_readers_language(team):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "it"})
    assert said(wording_in("it").error.too_old) in strict.post("/ask", GIVEN).content.decode()


def test_what_is_said_after_a_form_is_kept_in_its_language(browser, speaks):
    _, path = speaks("es")
    answer = browser.post(f"{path}/solved", follow=True)
    browser.post(f"{path}/rating", {"score": "5"})
    answer = browser.get(path)
    assert [str(each) for each in get_messages(answer.wsgi_request)] in ([], [wording_in("es").rating.thanks])
    assert said(wording_in("es").rating.thanks) in answer.content.decode()


def test_a_language_asks_the_database_for_nothing(browser, speaks):
    counts = set()
    for language in ("en", "ja"):
        _, path = speaks(language, f"{language}@calm.example")
        counts.add(len(statements(lambda path=path: browser.get(path))))
    assert len(counts) == 1


def test_a_name_is_not_a_place_to_fill(browser, team):
    """What somebody wrote is filled in, never filled, and it is escaped."""
    page = browser.post("/ask", GIVEN | {"email": "{email}<b>@calm.example"}, headers={"accept-language": "de"})
    assert "<b>@calm" not in page.content.decode()
    page = browser.post("/ask", GIVEN | {"email": "{desk}@calm.example"}, headers={"accept-language": "de"})
    assert "<strong>{desk}@calm.example</strong>" in page.content.decode()
