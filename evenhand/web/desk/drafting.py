"""What is begun: words and files, kept on the server until they are sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from evenhand.conversations.models import Conversation, Draft, DraftFile
from evenhand.conversations.picture import NotAPicture, drawn
from evenhand.conversations.stored import Upload
from evenhand.web.uploads import FILES_AT_ONCE, TooLarge, uploads_of

from .conversation import back_to, visible
from .prose import Prose, TooLong
from .signed_in import DeskRequest, signed_in

KINDS = ("agent", "note")  # a reply, or a note


def words_of(request: DeskRequest) -> Prose:
    """Raises TooLong."""
    return Prose.read(request.POST.get("words", ""), request.POST.get("format", "text"))


def keep(begun: Draft, prose: Prose, uploads: Iterable[Upload] = ()) -> None:
    begun.hold(uploads)
    begun.write(prose.html)


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@require_POST
@signed_in
def draft(request: DeskRequest, number: int) -> HttpResponse:
    """Keep what is being typed."""
    conversation = visible(request, number)
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        return _said("A draft is a reply or a note.", 400)
    try:
        keep(Draft.of(conversation.pk, request.agent, kind), words_of(request))
    except TooLong as error:
        return _said(str(error), 413)
    return HttpResponse(status=204)


@require_POST
@signed_in
def add_files(request: DeskRequest, number: int) -> HttpResponse:
    """Keep files that were chosen, and show all that there are."""
    conversation = visible(request, number)
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        return _said("A draft is a reply or a note.", 400)
    begun = Draft.of(conversation.pk, request.agent, kind)
    try:
        uploads = uploads_of(request)
    except TooLarge as error:
        begun.hold(error.rest)
        return _said(str(error), 413)
    if too_much := _too_much(begun, uploads):
        return _said(too_much, 413)
    begun.hold(uploads)
    return _list(request, conversation, begun)


def _too_much(begun: Draft, uploads: list[Upload]) -> str:
    """Why there is no room for these as well, in a sentence; "" where there is."""
    sizes = [*begun.files.values_list("size", flat=True), *(len(each.content) for each in uploads)]
    if len(sizes) > FILES_AT_ONCE:
        return f"A message carries {FILES_AT_ONCE} files and pictures at most."
    if sum(sizes) > settings.EVENHAND_LETTER_BYTES:
        return f"All files together may have {settings.EVENHAND_LETTER_BYTES // 2**20} MB. Send a link to it."
    return ""


@require_POST
@signed_in
def add_picture(request: DeskRequest, number: int) -> HttpResponse:
    """Keep a picture that was put among the words, drawn anew, and say where it is and how large it is shown."""
    conversation = visible(request, number)
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        return _said("A draft is a reply or a note.", 400)
    try:
        given = uploads_of(request, "picture")
        picture = drawn(given[0].content) if given else None
    except (TooLarge, NotAPicture) as error:
        return _said(str(error), 413 if isinstance(error, TooLarge) else 415)
    if picture is None:
        return _said("There is no picture here.", 400)
    upload = Upload(_named(given[0].name, picture.type), picture.type, picture.content, inline=True)
    begun = Draft.of(conversation.pk, request.agent, kind)
    if too_much := _too_much(begun, [upload]):
        return _said(too_much, 413)
    (file,) = begun.hold([upload])
    shown = {"src": reverse("desk:inline", args=[file.key]), "width": picture.width, "height": picture.height}
    return JsonResponse(shown, status=201)


def _named(name: str, kind: str) -> str:
    """A file's name with the ending of what it has become."""
    return f"{name.rpartition('.')[0] or 'picture'}.{kind.rpartition('/')[2].replace('jpeg', 'jpg')}"


@require_POST
@signed_in
def drop_file(request: DeskRequest, pk: int) -> HttpResponse:
    """Not this file."""
    mine = DraftFile.objects.filter(pk=min(pk, 2**63 - 1), draft__agent=request.agent).select_related("draft")
    found = mine.first()
    if found is None:
        raise Http404
    conversation = visible(request, found.draft.conversation_id)
    found.drop()
    if request.headers.get("HX-Request"):
        return _list(request, conversation, found.draft)
    return back_to(conversation)


def _list(request: DeskRequest, conversation: Conversation, begun: Draft) -> HttpResponse:
    files = begun.files.filter(key="").order_by("pk").values("id", "name", "size")
    return render(request, "desk/draft-files.html", {"files": files, "conversation": conversation})
