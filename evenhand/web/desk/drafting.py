"""What is begun: words and files, kept on the server until they are sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from evenhand.conversations.models import Conversation, Draft, DraftFile
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
    if begun.files.count() + len(uploads) > FILES_AT_ONCE:
        return _said(f"A message carries {FILES_AT_ONCE} files at most.", 413)
    if (
        sum(begun.files.values_list("size", flat=True)) + sum(len(each.content) for each in uploads)
        > settings.EVENHAND_LETTER_BYTES
    ):
        return _said(
            f"All files together may have {settings.EVENHAND_LETTER_BYTES // 2**20} MB. Send a link to it.", 413
        )
    begun.hold(uploads)
    return _list(request, conversation, begun)


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
    files = begun.files.order_by("pk").values("id", "name", "size")
    return render(request, "desk/draft-files.html", {"files": files, "conversation": conversation})
