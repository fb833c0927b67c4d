"""Pictures among words: drawn anew, small enough for a letter, and nothing in them but colours."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from evenhand.conversations import inline
from evenhand.conversations.picture import NotAPicture, drawn
from tests.pictures import moving, photograph, picture

KEY, OTHER = "k" * 43, "o" * 43


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_where_it_was_taken_stays_behind_and_it_stands_upright():
    taken = photograph()
    assert b"SECRET" in taken
    assert opened(taken).getexif()
    made = drawn(taken)
    assert b"SECRET" not in made.content
    assert not opened(made.content).getexif()
    assert (made.type, made.width, made.height) == ("image/jpeg", 200, 400)


def test_what_is_wide_is_drawn_smaller_and_shown_in_the_column():
    made = drawn(picture(size=(3200, 800)))
    assert opened(made.content).size == (1600, 400)
    assert (made.type, made.width, made.height) == ("image/png", 640, 160)
    small = drawn(picture(size=(120, 30)))
    assert (small.width, small.height) == (120, 30)


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [("WEBP", "RGB", "image/jpeg"), ("WEBP", "RGBA", "image/png"), ("GIF", "P", "image/png"), ("PNG", "P", "image/png"),
     ("PNG", "1", "image/png"), ("PNG", "LA", "image/png"), ("PNG", "I;16", "image/png"), ("JPEG", "CMYK", "image/jpeg")],
)  # fmt: skip
def test_it_becomes_a_kind_that_every_mail_program_shows(kind, mode, becomes):
    out = BytesIO()
    Image.new(mode, (60, 40)).save(out, kind)
    assert drawn(out.getvalue()).type == becomes


def test_what_moves_goes_on_moving():
    made = drawn(moving())
    again = opened(made.content)
    assert (made.type, again.n_frames, again.info["loop"], again.info["duration"]) == ("image/gif", 3, 0, 80)
    assert b"SECRET" not in made.content


def test_words_hidden_in_it_stay_behind():
    from PIL.PngImagePlugin import PngInfo

    hidden = PngInfo()
    hidden.add_text("Comment", "SECRET")
    made = drawn(picture(pnginfo=hidden) + b"SECRET after the end")
    assert b"SECRET" not in made.content


def bomb(side: int) -> bytes:
    """A PNG whose header claims far more than the file holds."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    header = struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "no picture"), (b"", "no picture"), (b"%PDF-1.7", "no picture"),
     (b"\x89PNG\r\n\x1a\n<html><script>", "no picture"), (picture()[:200], "no picture"), (bomb(60_000), "too large"),
     (bomb(9_000), "too large"), (b"x" * (20 * 2**20 + 1), "20 MB")],
)  # fmt: skip
def test_what_is_none_or_too_large_is_refused_in_a_sentence(content, says):
    with pytest.raises(NotAPicture, match=says):
        drawn(content)


def test_kept_words_show_their_pictures_where_the_reader_finds_them():
    html = f'<p>See <img src="cid:{KEY}" alt="a"> and <img src="cid:{OTHER}"> and <img src="cid:{KEY}"></p>'
    assert inline.keys(html) == [KEY, OTHER]
    assert inline.only(html, {OTHER}) == f'<p>See  and <img src="cid:{OTHER}"> and </p>'
    assert inline.sourced(html, lambda key: f"/x/{key[0]}").count('src="/x/k"') == 2
