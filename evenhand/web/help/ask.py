"""The form for a new question. Whoever fills it in could have given anyone's address, so the link goes by mail only."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from evenhand.channels.models import Question
from evenhand.web.source import source_of
from evenhand.web.window import DAY, HOUR, Window
from evenhand.web.wording import wording

from .door import keep_private
from .files import FormFiles
from .forms import QuestionForm

# (how many, in which time). Of one address fewer than of one source: behind a source may be a whole office, and an
# address may be that of somebody who never asked.
OF_A_SOURCE = ((20, HOUR), (100, DAY))
OF_AN_ADDRESS = ((4, HOUR), (12, DAY))
BY_A_ROBOT = "A field of the form that no reader sees was filled in, as robots do."


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    return _asked(request) if request.method == "POST" else _page(request, QuestionForm())


@transaction.atomic
def _asked(request: HttpRequest) -> HttpResponse:
    """Counted and stored in one transaction; what follows from a question is the worker's (`channels/beginning.py`)."""
    form = QuestionForm(request.POST)
    files = FormFiles(request, form.secret)
    if files.problem:
        form.add_error(None, files.problem)
        return _again(request, form, files, 413)
    if not form.is_valid():
        return _again(request, form, files, 422)
    if not _within_limits(source_of(request), form.cleaned_data["email"]):
        form.add_error(None, wording().question.too_often)
        return _again(request, form, files, 429)
    _question(form, files).keep(files.uploads)
    return _private(render(request, "help/asked.html", {"email": form.cleaned_data["email"]}))


def _within_limits(source: str, email: str) -> bool:
    # The source first: a flood from one place does not use up what the address it names may still ask.
    return Window.allows_in_turn(("ask from", source, OF_A_SOURCE), ("ask as", email, OF_AN_ADDRESS))


def _question(form: QuestionForm, files: FormFiles) -> Question:
    given = form.cleaned_data
    return Question(
        once=form.secret,
        email=given["email"],
        name=given["name"],
        subject=given["subject"],
        text=given["text"].replace("\0", ""),
        need=form.need,
        reads=wording().language,
        files=bool(files.held),
        problem=BY_A_ROBOT if form.by_a_robot else "",
    )


def _again(request: HttpRequest, form: QuestionForm, files: FormFiles, status: int) -> HttpResponse:
    """The form once more, with all that was given, files too."""
    files.hold()
    return _page(request, form, status, held=files.held)


def _page(request: HttpRequest, form: QuestionForm, status: int = 200, **more: object) -> HttpResponse:
    return _private(render(request, "help/ask.html", {"form": form, **more}, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    keep_private(response)
    return response
