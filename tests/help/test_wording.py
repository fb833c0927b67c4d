"""A language says everything that English says, with the same places to fill, and counts as its speakers do."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from evenhand.channels import wording as letters
from evenhand.web import wording as package
from evenhand.web.span import date_words, moment, words_between, zone_words
from evenhand.web.wording import wording_in
from evenhand.web.wording.plural import Forms

LANGUAGES = [code for code, _ in settings.LANGUAGES]
WEB = Path(package.__file__).parents[1]
BERLIN = ZoneInfo("Europe/Berlin")


def sentences(part: object, name: str = "") -> Iterator[tuple[str, str]]:
    """(name, sentence) of all that is said; several under one name where a number or a list has several."""
    if is_dataclass(part):
        for each in fields(part):
            yield from sentences(getattr(part, each.name), f"{name}.{each.name}".lstrip("."))
    elif isinstance(part, str):
        yield name, part
    else:
        for each in part:
            yield name, each


def places(sentence: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(sentence) if place}


def to_fill(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, sentence in sentences(wording_in(language)):
        found.setdefault(name, set()).update(places(sentence))
    return found


def test_the_languages_are_those_of_pages_letters_and_settings():
    assert {file.stem for file in (WEB / "wordings").glob("*.toml")} == set(LANGUAGES)
    assert set(letters.languages()) == set(LANGUAGES)
    assert len(LANGUAGES) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_of_a_sentence_is_in_every_language(language):
    assert wording_in(language).language == language
    assert to_fill(language) == to_fill("en")
    assert all(sentence.strip() for _, sentence in sentences(wording_in(language)))


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_hardly_a_sentence_is_left_in_english(language):
    english = dict(sentences(wording_in("en")))
    same = [name for name, said in sentences(wording_in(language)) if said == english[name]]
    sentences_left = [name for name in same if len(english[name].split()) > 3 and name != "time.day"]
    assert sentences_left == []
    assert len(same) < 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_as_long_as_it_must_be(language):
    said = wording_in(language)
    assert (len(said.time.weekdays), len(set(said.time.weekdays))) == (7, 7)
    assert (len(said.time.months), len(set(said.time.months))) == (12, 12)
    assert len(set(said.rating.scores)) == 5
    assert said.direction == ("rtl" if translation.get_language_info(language)["bidi"] else "ltr")


def used() -> set[str]:
    """`part.sentence` wherever a template or a module names one."""
    text = "\n".join(file.read_text() for kind in ("html", "py") for file in WEB.rglob(f"*.{kind}"))
    found = re.findall(r"(?:\bsay|wording\(\))\.(\w+)\.(\w+)", text)
    return {f"{part}.{name}" for part, name in found if name != "format"}


def test_what_a_page_says_is_there_and_what_is_there_is_said():
    """A template is not told that a sentence is missing: it would show nothing."""
    there = {name for name, _ in sentences(wording_in("en")) if "." in name}
    by_name = (
        "need.",
        "time.",
        "letter.",
        "error.",
        "light.",
        "verdict.",
        "chart.",
        "metric.",
        "proof.",
    )  # these are reached by a variable
    assert used() - there == set()
    assert {each for each in there - used() if not each.startswith(by_name)} == set()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 minute", "2 minutes", "5 minutes", "22 minutes"]),
        ("de", ["1 Minute", "2 Minuten", "5 Minuten", "22 Minuten"]),
        ("es", ["1 minuto", "2 minutos", "5 minutos", "22 minutos"]),
        ("fr", ["1 minute", "2 minutes", "5 minutes", "22 minutes"]),
        ("it", ["1 minuto", "2 minuti", "5 minuti", "22 minuti"]),
        ("ja", ["1分", "2分", "5分", "22分"]),
        ("nl", ["1 minuut", "2 minuten", "5 minuten", "22 minuten"]),
        ("pl", ["1 minuta", "2 minuty", "5 minut", "22 minuty"]),
        ("pt", ["1 minuto", "2 minutos", "5 minutos", "22 minutos"]),
        ("sv", ["1 minut", "2 minuter", "5 minuter", "22 minuter"]),
    ],
)
def test_numbers_change_words(language, said):
    assert [wording_in(language).time.minutes(n) for n in (1, 2, 5, 22)] == said


def test_polish_counts_by_the_last_two_figures():
    ahead = wording_in("pl").standing.ahead
    assert [ahead(n) for n in (1, 4, 12, 102, 112)] == [
        "Przed Tobą jest jedna osoba",
        "Przed Tobą są 4 osoby",
        "Przed Tobą jest 12 osób",
        "Przed Tobą są 102 osoby",
        "Przed Tobą jest 112 osób",
    ]
    assert wording_in("fr").time.hours(0) == "0 heure"


def test_a_number_without_one_of_its_forms_is_refused():
    with pytest.raises(ValueError, match="few"):
        Forms("pl", {"one": "{n} minuta", "many": "{n} minut"})


@pytest.mark.parametrize(
    ("language", "today", "later", "day", "waits", "zone"),
    [
        ("en", "today at 16:05", "Monday 4 January 2027 at 9:00", "4 January 2027", "15 minutes to 4 hours", "Berlin time"),
        ("de", "heute, 16:05 Uhr", "Montag, 4. Januar 2027, 9:00 Uhr", "4. Januar 2027", "15 Minuten bis 4 Stunden", "Ortszeit Berlin"),
        ("es", "hoy, 16:05 h", "lunes 4 de enero de 2027, 9:00 h", "4 de enero de 2027", "de 15 minutos a 4 horas", "hora de Berlin"),
        ("fr", "aujourd’hui à 16 h 05", "lundi 4 janvier 2027 à 9 h 00", "4 janvier 2027", "de 15 minutes à 4 heures", "heure locale, Berlin"),
        ("it", "oggi, ore 16:05", "lunedì 4 gennaio 2027, ore 9:00", "4 gennaio 2027", "da 15 minuti a 4 ore", "ora di Berlin"),
        ("ja", "今日 16:05", "2027年1月4日（月）9:00", "2027年1月4日", "15分～4時間", "Berlin 時間"),
        ("nl", "vandaag om 16:05", "maandag 4 januari 2027 om 9:00", "4 januari 2027", "15 minuten tot 4 uur", "tijd in Berlin"),
        ("pl", "dziś, 16:05", "poniedziałek, 4 stycznia 2027, 9:00", "4 stycznia 2027", "15 minut – 4 godziny", "czas lokalny: Berlin"),
        ("pt", "hoje, 16:05", "segunda-feira, 4 de janeiro de 2027, 9:00", "4 de janeiro de 2027", "de 15 minutos a 4 horas", "hora local, Berlin"),
        ("sv", "i dag kl. 16.05", "måndag 4 januari 2027 kl. 9.00", "4 januari 2027", "15 minuter till 4 timmar", "tid i Berlin"),
    ],
)  # fmt: skip
def test_times_are_told_as_they_are_written(language, today, later, day, waits, zone):
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with translation.override(language):
        assert moment(datetime(2026, 3, 2, 15, 5, tzinfo=UTC), BERLIN, now).replace("\xa0", " ") == today
        assert moment(datetime(2027, 1, 4, 8, 0, tzinfo=UTC), BERLIN, now).replace("\xa0", " ") == later
        assert date_words(datetime(2027, 1, 4, tzinfo=UTC).date()) == day
        assert words_between(timedelta(minutes=17), timedelta(hours=3, minutes=1)) == waits
        assert zone_words("Europe/Berlin") == zone
