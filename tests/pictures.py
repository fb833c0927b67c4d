"""Pictures of the tests, as files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 300), mode: str = "RGB", **more: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **more)
    return out.getvalue()


def photograph() -> bytes:
    """Taken upright with a telephone that lay on its side, and that knows where it was."""
    told = Image.Exif()
    told[ExifTags.Base.Orientation] = 6
    told[ExifTags.Base.Make] = "SECRET telephone"
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    return picture("JPEG", (400, 200), exif=told.tobytes())


def moving() -> bytes:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "green", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0, comment=b"SECRET")
    return out.getvalue()
