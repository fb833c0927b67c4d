"""Where the words stand is shown, and nothing of a customer's text becomes markup."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.conversations.marking import LENGTH, Marker, Piece, fold
from evenhand.conversations.models import Conversation
from evenhand.conversations.search import search
from evenhand.people.models import Agent


def marked(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


@pytest.mark.parametrize(
    ("asked", "language", "text", "expected"),
    [
        (
            "'invoice':* | '/en/invoic'",
            "en",
            "Invoices: one invoice, invoicing, voice",
            ["Invoices", "invoice", "invoicing"],
        ),
        ("'cafe'", "fr", "Au CAFÉ, café crème", ["CAFÉ", "café"]),
        ("'strasse'", "de", "Die Straße.", ["Straße"]),
        ("'marz' | '/de/marz'", "de", "im März", ["März"]),
        ("'東京' <-> '京都'", "ja", "これは東京都庁です", ["東京都"]),
        ("'a':*", "en", "b c", []),
        ("'/de/rechnung'", "en", "Rechnungen", []),
    ],
)
def test_matches_are_marked(asked: str, language: str, text: str, expected: list[str]) -> None:
    pieces = Marker(asked).mark(text, language)
    assert marked(pieces) == expected
    assert "".join(piece.text for piece in pieces) == text


def test_an_excerpt_is_cut_around_the_first_match() -> None:
    text = "padding " * 60 + "the wombat sleeps " + "more " * 60
    pieces = Marker("'wombat'").excerpt(["nothing here", text], "en")
    assert marked(pieces) == ["wombat"]
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert sum(len(piece.text) for piece in pieces) <= LENGTH + 4


def test_without_a_match_the_latest_text_is_shown() -> None:
    assert Marker("'wombat'").excerpt(["first", "latest\n\ntext"], "en") == [Piece("latest text", False)]
    assert Marker("'wombat'").excerpt([], "en") == []


@given(st.text(max_size=300), st.text(min_size=1, max_size=5))
def test_pieces_always_add_up_to_the_text(text: str, word: str) -> None:
    escaped = fold(word).replace("'", "''").replace("/", "")
    marker = Marker(f"'{escaped}':*")
    assert "".join(piece.text for piece in marker.mark(text, "en")) == text
    marker.excerpt([text], "en")


@pytest.mark.django_db
def test_folding_is_the_same_here_and_in_the_database(start: Callable[..., Conversation], agent: Agent) -> None:
    from django.db import connection

    text = "Größe ŒUVRE Ærø Łódź İstanbul ΟΔΟΣ Ёлка йод أَحْمَد على فاتورة הַחֶשְׁבּוֹן Ⅷ ﬁn soft\u00adhyphen"
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)


@pytest.mark.django_db
def test_a_hit_shows_subject_and_excerpt(start: Callable[..., Conversation], agent: Agent) -> None:
    start("<b>Wombats</b>", "A <script>wombat</script> & more")
    [hit] = search(agent, "wombat")
    assert hit.subject == [Piece("<b>", False), Piece("Wombats", True), Piece("</b>", False)]
    assert marked(hit.excerpt) == ["wombat"]
