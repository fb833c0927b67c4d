"""A picture made fit for a letter: drawn anew, so that nothing of the file but its colours is left. Where it was taken and
with what (EXIF), and whatever else was hidden in it, stays behind. What a decoder would need too much memory for is refused
by its header."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ("PNG", "JPEG", "GIF", "WEBP")
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}  # which every mail program shows
MOST_BYTES = 20 * 2**20
MOST_PIXELS = 40_000_000  # decoded: 160 MB; a telephone's photograph has twelve
MOST_FRAMES = 300
LONGEST_SIDE = 20_000
WIDEST = 1600  # sharp on a screen of double density at twice what is shown
TALLEST = 4000
SHOWN = 640  # a letter's column
PROFILE_BYTES = 65_536
TOO_LARGE = "This picture is too large to be shown among words. Make it smaller, or attach it as a file."


class NotAPicture(ValueError):
    """It cannot be shown among words; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` are those at which it is shown."""

    content: bytes
    type: str
    width: int
    height: int


def drawn(content: bytes) -> Picture:
    """The picture in a file. Raises NotAPicture."""
    from PIL import Image

    if len(content) > MOST_BYTES:
        raise NotAPicture(f"A picture among words may have {MOST_BYTES // 2**20} MB. Attach it as a file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=KINDS) as opened:
                return _drawn(opened)
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(TOO_LARGE) from error
    except Exception as error:
        raise NotAPicture(
            "This is no picture that can be shown. PNG, JPEG, GIF and WebP can; attach others as files."
        ) from error


def _drawn(opened: Image) -> Picture:
    width, height = opened.size
    frames = getattr(opened, "n_frames", 1)
    if max(width, height) > LONGEST_SIDE or width * height * frames > MOST_PIXELS or frames > MOST_FRAMES:
        raise NotAPicture(TOO_LARGE)
    if opened.format == "GIF" and frames > 1:
        return _moving(opened)
    return _still(opened)


def _moving(opened: Image) -> Picture:
    out, again = BytesIO(), {"loop": opened.info["loop"]} if "loop" in opened.info else {}
    opened.save(out, "GIF", save_all=True, comment=b"", **again)
    return _shown(out.getvalue(), "GIF", *opened.size)


def _still(opened: Image) -> Picture:
    from PIL import ImageOps

    kept = opened.info.get("icc_profile") or b""
    profile = {"icc_profile": kept} if kept and len(kept) <= PROFILE_BYTES and opened.mode in ("RGB", "RGBA") else {}
    upright = ImageOps.exif_transpose(opened)
    picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail((WIDEST, TALLEST))
    photograph = opened.format == "JPEG" or (opened.format == "WEBP" and picture.mode == "RGB")
    kind, how = ("JPEG", {"quality": 88}) if photograph else ("PNG", {})
    return _encoded(picture, kind, {**how, **profile})


def _encoded(picture: Image, kind: str, how: dict[str, Any]) -> Picture:
    out = BytesIO()
    picture.info.clear()  # Pillow writes from it what nobody asked for
    picture.save(out, kind, **how)
    return _shown(out.getvalue(), kind, *picture.size)


def _shown(content: bytes, kind: str, width: int, height: int) -> Picture:
    least = min(1.0, SHOWN / width)
    return Picture(content, TYPES[kind], max(1, round(width * least)), max(1, round(height * least)))
