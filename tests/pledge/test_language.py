"""The pledge is everyone's to read, in their language; what is signed stays as it was signed."""

import pytest
from django.conf import settings

from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Team
from evenhand.web.wording import wording_in
from evenhand.web.wording.plural import Forms
from tests.browser import PHONE, axe

from .conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = [code for code, _ in settings.LANGUAGES]
each_language = pytest.mark.parametrize("language", LANGUAGES)


def html(text: str) -> str:
    return text.replace("'", "&#39;")


def plain(*parts: object) -> list[str]:
    """The sentences of these parts that have no place to fill."""
    found = []
    for part in parts:
        for name in part.__slots__:
            given = getattr(part, name)
            found += [given] if isinstance(given, str) else [] if isinstance(given, Forms) else given
    return [html(each) for each in found if "{" not in each]


@each_language
def test_all_of_the_page_is_in_it(client, stated, at_noon, language):
    say = wording_in(language)
    stated(records=12345)
    answer = client.get("/pledge/", headers={"accept-language": language})
    page = answer.content.decode()
    here = plain(say.measured, say.check, say.history)
    here += [html(each) for each in (say.light.green_why, say.verdict.parity_why, say.found.caption, say.pledge.lead)]
    here += [html(each) for each in (say.metric.reopened, say.opinion.question, say.opinion.nobody, say.chart.same)]
    assert [each for each in here if each not in page] == []
    assert f'<html lang="{language}"' in page
    assert answer["Content-Language"] == language
    assert '<span lang="en">Plan: 2 groups' in page
    assert (
        f'hreflang="{language}" href="{settings.EVENHAND_URL}/pledge/?language={language}"' in page
    )  # for who looks for it


def test_figures_are_written_as_each_language_writes_them(client, stated, at_noon):
    stated(records=12345)
    for language, words in {
        "en": ("0.94 to 1.10", "12,345 waits", "2 % longer", "16 hours"),
        "de": ("0,94 bis 1,10", "12.345 Wartezeiten", "2 % länger", "16 Stunden"),
        "sv": ("0,94 till 1,10", "12\xa0345 väntetider", "2 % längre", "16 timmar"),
        "ja": ("0.94～1.10", "12,345件", "2％長い", "16時間"),
        "pl": ("0,94 do 1,10", "12\xa0345 oczekiwań", "o 2 % dłużej", "16 godzin"),
    }.items():
        page = client.get("/pledge/", headers={"accept-language": language}).content.decode()
        assert [each for each in words if each not in page] == [], language


@each_language
def test_nothing_is_claimed_before_the_first_statement(client, language):
    say = wording_in(language)
    page = client.get("/pledge/", headers={"accept-language": language}).content.decode()
    assert html(say.light.none) in page
    assert html(say.pledge.nothing_why) in page


@each_language
def test_an_opinion_is_taken_in_it(client, language):
    Team.objects.create(name="Support")
    say, asks = wording_in(language).opinion, {"headers": {"accept-language": language}}
    assert html(say.choose) in client.post("/pledge/say", {"word": "x"}, **asks).content.decode()
    answer = client.post("/pledge/say", {"agrees": "yes"}, follow=True, **asks)
    assert html(say.thanks) in answer.content.decode()


def test_the_proof_is_told_in_each(client, measured):
    conversation = Conversation.objects.get(number=17)
    token = Link.of(conversation, conversation.person).token
    for language in LANGUAGES:
        say = wording_in(language)
        page = client.get(f"/pledge/proof/{token}?language={language}").content.decode()
        for words in (say.proof.counted, say.proof.rounded, say.proof.path, say.metric.first_reply):
            assert html(words) in page


def test_what_others_show_and_machines_read_is_the_same_for_all(client, stated):
    stated()
    for path in ("/pledge/badge.svg", "/pledge/statements.json", "/pledge/figures.csv"):
        plainly = client.get(path)
        other = client.get(f"{path}?language=ja", headers={"accept-language": "de"})
        assert other.content == plainly.content
        assert not {"Vary", "Content-Language"} & set(other.headers)
        assert not other.cookies


def test_each_fits(visit, stated):
    stated(made_at=NOW)
    page = visit(None, "/pledge/")
    for language in LANGUAGES:
        page.goto(f"/pledge/?language={language}")
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        for width in (1200, PHONE["width"], 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, width)
        if language in ("de", "ja"):
            assert axe(page) == []
