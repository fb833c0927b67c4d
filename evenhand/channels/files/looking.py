"""Whatever came with a message is looked at once: by the scanner, where there is one, and for a small picture of it."""

from __future__ import annotations

import logging
from io import BytesIO

from django.core.files.storage import default_storage
from django.utils import timezone

from evenhand.channels.hold import FILE, hold
from evenhand.conversations.models import Attachment, Event

from .scanner import Away, Scanner
from .thumbnail import thumbnail

log = logging.getLogger("evenhand.mail")
BATCH = 50
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def look_at_all() -> int:
    """Look at every file that waits for it, the latest first. How many. While the scanner is away they stay held."""
    done = 0
    scanner = Scanner.configured()
    waiting = Attachment.objects.unscanned() if scanner else Attachment.objects.unseen()
    while pks := list(waiting.order_by("-pk").values_list("pk", flat=True)[:BATCH]):
        try:
            looked = [look_at(pk, scanner) for pk in pks]
        except Away as error:
            log.warning("Files stay held. %s", error)
            return done
        done += sum(looked)
        if not any(looked):  # the rest is in other hands
            break
    return done


def look_at(pk: int, scanner: Scanner | None) -> bool:
    """Whether it was ours to look at. Raises Away."""
    with hold(FILE, pk) as held:
        file = Attachment.objects.filter(pk=pk).first() if held else None
        if file is None or (file.scanned_at if scanner else file.looked_at):
            return False
        try:
            _look(file, scanner)
        except OSError as error:  # its storage is away: it waits, and holds up no other
            log.warning("Attachment %s cannot be read: %r", pk, str(error))
            return False
        return True


def _look(file: Attachment, scanner: Scanner | None) -> None:
    fields = ["looked_at"]
    file.looked_at = timezone.now()
    if not default_storage.exists(file.stored_as):
        file.scanned_at, file.threat = file.looked_at, "The file is not there any more."
        file.save(update_fields=["looked_at", "scanned_at", "threat"])
        return
    content = file.content()
    if scanner:
        file.threat, file.scanned_at = scanner.threat_in(content)[:100], timezone.now()
        fields += ["threat", "scanned_at"]
    if not file.threat and not file.thumbnail and file.type in PICTURES and (small := thumbnail(content)):
        file.thumbnail = default_storage.save(f"thumbnails/{file.stored_as.rpartition('/')[2]}", BytesIO(small))
        fields.append("thumbnail")
    file.save(update_fields=fields)
    if file.threat:
        log.warning("Attachment %s is held: %r", file.pk, file.threat)
        Event.record(file.message.conversation, "file held", name=file.name, why=file.threat)
