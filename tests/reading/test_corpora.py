"""Mail that nobody here wrote: every letter is read, and no score falls below the figure that docs/reading.md states."""

import pytest

from evenhand.channels.reading import read_letter
from tests.reading import bounces, replies, structure
from tests.reading.corpora import corpus, letters


@pytest.mark.parametrize(("name", "at_least"), [("mail", 70), ("sisimai", 160), ("stalwart", 60)])
def test_every_letter_is_read(name: str, at_least: int, record_property) -> None:
    paths = letters(corpus(name))
    record_property("letters_read", len(paths))
    print(f"{name}: {len(paths)} letters")
    assert len(paths) >= at_least
    for path in paths:
        letter = read_letter(path.read_bytes())
        assert not [problem for problem in letter.problems if "could not be displayed" in problem], path.name
        assert "\0" not in letter.text, path.name


def test_structure_is_found() -> None:
    met, total, missed = structure.score(corpus("stalwart"))
    assert met / total >= 0.97, missed


def test_new_words_are_told_from_quotes() -> None:
    met, total, missed = replies.score(corpus("trimmer"))
    assert met / total >= 0.95, missed


def test_nothing_is_deleted_when_folding() -> None:
    from evenhand.channels.reading.folding import fold

    for path in sorted((corpus("trimmer") / "emails").glob("*.txt")):
        text = path.read_text("utf-8")
        folded = fold(text)
        assert sorted(" ".join([folded.reply, folded.quoted]).split()) == sorted(text.split()), path.name


def test_bounces_are_recognised() -> None:
    automatic, bounced, addressed, total, missed = bounces.score(corpus("sisimai"))
    assert automatic / total >= 0.986, missed
    assert bounced / total >= 0.96, missed
    assert addressed / total >= 0.96, missed
    assert not [name for name, why in missed if "is no bounce" in why]
