"""A small picture of a picture. What a decoder would need too much memory for is refused by its header, before it is
decoded; what comes out is drawn anew, so that nothing but its colours is left of the file."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

KINDS = ("PNG", "JPEG", "GIF", "WEBP")
BOX = (320, 240)
MOST_BYTES = 20 * 2**20
MOST_PIXELS = 16_000_000  # decoded: 64 MB
MOST_PIXELS_JPEG = 100_000_000  # which is decoded at an eighth
LONGEST_SIDE = 20_000


def thumbnail(content: bytes) -> bytes:
    """As WebP; b"" where the file is no picture that can be drawn safely."""
    if len(content) > MOST_BYTES:
        return b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(content)
    except Exception:  # noqa: BLE001  whatever a decoder chokes on is shown as a file
        return b""


def _drawn(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=KINDS) as picture:
        width, height = picture.size
        most = MOST_PIXELS_JPEG if picture.format == "JPEG" else MOST_PIXELS
        if max(width, height) > LONGEST_SIDE or width * height > most:
            return b""
        picture.draft("RGB", (BOX[0] * 2, BOX[1] * 2))  # only JPEG knows how; the others decode whole
        if picture.size[0] * picture.size[1] > MOST_PIXELS:
            return b""
        upright = ImageOps.exif_transpose(picture)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        small.thumbnail(BOX)
        out = BytesIO()
        small.save(out, "WEBP", quality=80)
        return out.getvalue()
