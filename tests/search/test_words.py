"""Which words find a conversation."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.conversations.models import Conversation

pytestmark = pytest.mark.django_db
Start = Callable[..., Conversation]
Find = Callable[..., list[int]]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "Two invoices were wrong", "invoice"),
        ("en", "We are exporting the minutes", "export"),
        ("de", "Die Rechnungen für März fehlen", "rechnung"),
        ("de", "Die Rechnungen für März fehlen", "MARZ"),
        ("de", "Unsere Straße ist falsch geschrieben", "strasse"),
        ("fr", "Les tableaux ont été supprimés à l'école", "ecole"),
        ("fr", "Les téléphones sonnent", "telephone"),
        ("es", "No llegan las contraseñas", "contrasena"),
        ("pl", "Zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("ru", "Изменения не доходят", "изменение"),
        ("ru", "Всё ещё жду", "еще"),
        ("el", "Οι αλλαγές δεν φτάνουν", "αλλαγη"),
        ("el", "ΟΔΟΣ Αθηνών", "οδός"),
        ("tr", "Şifremi unuttum", "sifremi"),
        ("ja", "東京都庁へ行く変更が届きません", "都庁"),
        ("ja", "同期が止まります", "同期"),
        ("ja", "ｶﾞｲﾄﾞを見てください", "ガイド"),
        ("ja", "請求書をお願いします", "書"),
        ("zh", "我的修改没有同步", "修改"),
        ("ko", "동기화가 멈췄습니다", "동기화"),
        ("th", "ไม่สามารถเข้าสู่ระบบได้", "เข้าสู่ระบบ"),
        ("ar", "أَحْمَد لا يستطيع الدخول", "احمد"),
        ("ar", "فاتورة سبتمبر", "فاتوره"),
        ("he", "הַחֶשְׁבּוֹנִית חסרה", "החשבונית"),
        ("", "Nobody knows this language: Grüße", "grusse"),
    ],
)
def test_a_word_is_found_in_its_language(start: Start, find: Find, language: str, text: str, asked: str) -> None:
    other = start("Something else", "quite different words", language)
    wanted = start("", text, language)
    assert find(asked) == [wanted.number]
    assert other.number not in find(asked)


@pytest.mark.parametrize(
    "asked", ["bar.com", "foo@bar.com", "foo", "E-1234", "1234", "3.1", "docs/index", "under_score", "it's"]
)
def test_parts_of_addresses_codes_and_paths_are_found(start: Start, find: Find, asked: str) -> None:
    wanted = start("Code E-1234", "I wrote to foo@bar.com about docs/index.html, v2.3.1, under_score; it's odd")
    start("Code E-99", "nothing of the kind")
    assert find(asked) == [wanted.number]


def test_all_words_must_occur_anywhere_in_the_conversation(start: Start, find: Find, agent) -> None:  # type: ignore[no-untyped-def]
    both = start("Printer", "the tray is empty")
    both.reply(agent, "Please look for the lever.")
    both.note(agent, "A very patient customer: quokka")
    start("Printer", "the tray is full")
    assert find("printer empty lever quokka") == [both.number]
    assert find("printer empty lever zebra") == []


def test_the_last_word_may_be_a_beginning_and_the_others_not(start: Start, find: Find) -> None:
    wanted = start("Calendar", "dates are shifted")
    assert find("calen") == [wanted.number]
    assert find("shifted calen") == [wanted.number]
    assert find("calen shifted") == []


def test_quoted_words_stand_together(start: Start, find: Find) -> None:
    together = start("", "the price list of spring")
    start("", "the list has a price")
    assert find('"price list"') == [together.number]
    assert len(find("price list")) == 2
    assert find('"東京都"') == []
    tokyo = start("", "東京都庁", "ja")
    start("", "京都と東京", "ja")
    assert find("東京都") == [tokyo.number]


def test_people_addresses_and_organisations_are_found(start: Start, find: Find, person) -> None:  # type: ignore[no-untyped-def]
    wanted = start("Hello", "there")
    person.account.name = "Moss & Finch"
    person.account.save()
    for asked in ("grossmann", "mia@harbour.example", "harbour", "finch"):
        assert find(asked) == [wanted.number]


def test_a_stem_of_another_language_does_not_match(start: Start, find: Find) -> None:
    start("", "nations", "en")
    # German takes "-en" off; an English conversation is not stemmed in German.
    start("", "rechnungen", "en")
    assert find('rechnung x"') == []
    assert find("nation ") != []


def test_a_number_finds_its_conversation_first(start: Start, find: Find) -> None:
    wanted = start("First", "")
    mentions = start("Second", f"as in {wanted.number}")
    assert find(f"#{wanted.number}")[0] == wanted.number
    assert set(find(str(wanted.number))) == {wanted.number, mentions.number}


@pytest.mark.parametrize(
    "asked", ["", "   ", '"', '""', "!!!", "':*", "a' | 'b", "\\", "\0", "&|!()<->", "%", "''", "*:*", "'" * 300]
)
def test_no_words_find_nothing_and_break_nothing(start: Start, find: Find, asked: str) -> None:
    start("Hello", "there")
    assert find(asked) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_whatever_is_written_and_asked_nothing_breaks(start: Start, find: Find, text: str) -> None:
    start(text, text)
    find(text)


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéèñçłøåγδςъё日本語中", min_size=2, max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LETTERS, min_size=1, max_size=5), st.sampled_from(["en", "de", "ja", "ru", "el", ""]))
def test_what_was_written_is_always_found_by_its_own_words(
    start: Start, find: Find, words: list[str], language: str
) -> None:
    wanted = start("", " ".join(words), language)
    for word in words:
        assert wanted.number in find(word, limit=1000)
    assert wanted.number in find(f'"{" ".join(words)}"', limit=1000)
