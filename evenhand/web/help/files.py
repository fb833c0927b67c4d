"""The files of a customer's form: chosen once, however often the form comes back because something else is not right."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import HeldFile
from evenhand.web.source import source_of
from evenhand.web.uploads import FILES_AT_ONCE, TooLarge, TooMany, too_large, uploads_of
from evenhand.web.window import DAY, HOUR, Window

HELD_FROM_A_SOURCE = ((20, HOUR), (60, DAY))  # forms with files that came back


class FormFiles:
    """What was chosen now (`uploads`) and what has been held since before (`held`); `problem` says what is too much."""

    def __init__(self, request: HttpRequest, form: str) -> None:
        self.form, self.source, self.problem = form, source_of(request), ""
        self.held = _held(request, form)
        self.uploads: list[Upload] = []
        try:
            self.uploads = uploads_of(request)
            self._add_up()
        except TooMany as refused:
            self.problem = str(refused)
        except TooLarge as refused:
            self.problem, self.uploads = str(refused), refused.rest

    def _add_up(self) -> None:
        if len(self.uploads) + len(self.held) > FILES_AT_ONCE:
            raise TooMany(len(self.uploads) + len(self.held))
        room = settings.EVENHAND_LETTER_BYTES - sum(each.size for each in self.held)
        for place, each in enumerate(self.uploads):
            room -= len(each.content)
            if room < 0:
                raise TooLarge(too_large(each.name), self.uploads[:place])

    def hold(self) -> None:
        """Keep what was chosen while its sender mends the form; past the limits it has to be chosen again."""
        if self.uploads and Window.allows_each("hold files from", self.source, *HELD_FROM_A_SOURCE):
            HeldFile.hold(self.form, self.uploads)
            self.held = list(HeldFile.objects.of(self.form))


def _held(request: HttpRequest, form: str) -> list[HeldFile]:
    """What a form that shows its files still wants of them; the rest is let go."""
    if "holds" not in request.POST:
        return []
    wanted = set(request.POST.getlist("held"))
    held = list(HeldFile.objects.of(form).filter(held_until__isnull=False))
    HeldFile.let_go([each for each in held if str(each.pk) not in wanted])
    return [each for each in held if str(each.pk) in wanted]
