"""What an attachment is called: the letter's word for it, made harmless."""

import re

from evenhand.channels.reading.headers import Headers
from evenhand.channels.reading.part import Part
from evenhand.channels.reading.words import one_line

FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)")
LONGEST = 120
EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "text/rtf": ".rtf", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg",
    "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg", "image/tiff": ".tiff",
    "image/bmp": ".bmp", "image/heic": ".heic", "application/pdf": ".pdf", "application/zip": ".zip",
    "application/json": ".json", "application/xml": ".xml", "text/xml": ".xml", "application/msword": ".doc",
    "application/rtf": ".rtf", "application/gzip": ".gz", "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-tnef": ".dat", "application/ms-tnef": ".dat", "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc", "application/pgp-keys": ".asc", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
    "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav", "audio/ogg": ".ogg", "video/mp4": ".mp4",
    "message/rfc822": ".eml", "message/global": ".eml", "text/rfc822-headers": ".txt", "message/rfc822-headers": ".txt",
    "message/delivery-status": ".txt", "message/disposition-notification": ".txt", "message/feedback-report": ".txt",
}  # fmt: skip


LETTERS = ("message/rfc822", "message/global", "application/vnd.ms-outlook", "application/x-msg")


def is_letter(name: str, kind: str) -> bool:
    """Whether a file is a letter to open, by what it is called."""
    return kind in LETTERS or name.lower().endswith((".eml", ".msg"))


def harmless(name: str) -> str:
    """A name that is safe as a file name anywhere: no path, no hidden file, no device, no control, at most 120 characters."""
    name = re.split(r"[\\/]", one_line(name).rstrip("\\/ "))[-1]
    name = FORBIDDEN.sub("_", name).strip(". \t")
    if DEVICES.match(name):
        name = "_" + name
    if len(name) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    return stem[: LONGEST - 12].rstrip() + "…" + dot + extension if dot and len(extension) <= 10 else name[:LONGEST]


def file_name(part: Part, number: int) -> str:
    """The name from the disposition, the type, the Content-ID, or the subject of a letter within; else a number."""
    content_id = part.headers.raw("content-id").decode("ascii", "replace").strip(" <>\t")
    given = (
        harmless(part.disposition_params.get("filename", ""))
        or harmless(part.params.get("name", ""))
        or harmless(part.headers.text("content-location").rpartition("/")[2])
        or harmless(part.headers.text("content-description")[:80])
        or ("" if part.type.startswith("message/") else harmless(content_id.partition("@")[0]))
    )
    extension = EXTENSIONS.get(part.type, "")
    if part.type in ("message/rfc822", "message/global"):
        given = given or harmless(nested_subject(part)[:80])
        return given if given.lower().endswith(".eml") else (given or "letter") + ".eml"
    if given:
        return given if "." in given or not extension else given + extension
    return f"attachment-{number}{extension or '.bin'}"


def nested_subject(part: Part) -> str:
    """The subject of the letter that is this part's content."""
    from evenhand.channels.reading.headers import header_end
    from evenhand.channels.reading.limits import PastLimitError

    stop, _ = header_end(part.raw, part.body, part.end)
    try:
        return Headers(part.raw[part.body : stop]).text("subject")
    except PastLimitError:
        return ""
