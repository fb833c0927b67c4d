"""Files on their way in: what is too large is let go while it arrives, and the rest of the form is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from evenhand.conversations.attachment import Upload
from evenhand.web.wording import wording

FILES_AT_ONCE = 20
GIVE_UP = 8  # times the limit; whoever sends more than that means no good


class TooLarge(Exception):
    """More than may be sent at once; the message says what to do. `rest` are the files that came whole."""

    def __init__(self, sentence: str, rest: list[Upload] | None = None) -> None:
        super().__init__(sentence)
        self.rest = rest or []


class TooMany(TooLarge):
    def __init__(self, count: int) -> None:
        super().__init__(wording().files.too_many.format(count=count, limit=FILES_AT_ONCE))


class Quota(FileUploadHandler):
    """Stands before Django's own handlers and lets go of every file past the limit of a letter."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.kept = self.seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.now = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        self.now += len(raw_data)
        self.seen += len(raw_data)
        if self.seen > settings.EVENHAND_LETTER_BYTES * GIVE_UP:
            raise StopUpload(connection_reset=True)
        if self.kept + self.now > settings.EVENHAND_LETTER_BYTES:
            if self.request is not None:
                self.request.META["evenhand.too_large"] = self.file_name
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        self.kept += file_size


def too_large(name: str | None) -> str:
    return wording().files.too_large.format(name=name, limit=settings.EVENHAND_LETTER_BYTES // 2**20)


def uploads_of(request: HttpRequest, field: str = "files") -> list[Upload]:
    """The files of a form. Raises TooLarge with a sentence."""
    files = request.FILES.getlist(field)
    if len(files) > FILES_AT_ONCE:
        raise TooMany(len(files))
    uploads = [Upload(each.name or "", each.content_type or "application/octet-stream", each.read()) for each in files]
    if name := request.META.get("evenhand.too_large"):
        raise TooLarge(too_large(name), uploads)
    return uploads
