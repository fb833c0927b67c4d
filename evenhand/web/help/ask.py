"""The form for a new question. Whoever fills it in could have given anyone's address, so the link goes by mail only."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from evenhand.channels.models import Mailbox
from evenhand.channels.reading.language import language_of
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation
from evenhand.people.models import Person
from evenhand.web.source import source_of
from evenhand.web.uploads import TooLarge, uploads_of
from evenhand.web.window import DAY, HOUR, Window

from .door import keep_private
from .forms import QuestionForm
from .letters import write_asked

# (how many, in which time). Of one address fewer than of one source: behind a source may be a whole office, and an
# address may be that of somebody who never asked.
OF_A_SOURCE = ((20, HOUR), (100, DAY))
OF_AN_ADDRESS = ((4, HOUR), (12, DAY))
TOO_MANY = "Very many questions came from here in a short time. Wait an hour and send it again; it stays written here."


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, QuestionForm())
    form = QuestionForm(request.POST)
    try:
        uploads = uploads_of(request)
    except TooLarge as refused:
        form.add_error(None, str(refused))
        return _page(request, form, 413)
    if not form.is_valid():
        return _page(request, form, 422)
    if not _within_limits(source_of(request), form.cleaned_data["email"]):
        form.add_error(None, TOO_MANY)
        return _page(request, form, 429)
    once = form.cleaned_data["once"]
    if not once or Window.allows("once", once, 1, DAY):
        _begin(form, uploads)
    return _private(render(request, "help/asked.html", {"email": form.cleaned_data["email"]}))


def _within_limits(source: str, email: str) -> bool:
    # The source first: a flood from one place does not use up what the address it names may still ask.
    return all(Window.allows("ask from", source, *limit) for limit in OF_A_SOURCE) and all(
        Window.allows("ask as", email, *limit) for limit in OF_AN_ADDRESS
    )


@transaction.atomic
def _begin(form: QuestionForm, uploads: list[Upload]) -> None:
    given, mailbox = form.cleaned_data, Mailbox.default()
    language = language_of(f"{given['subject']}\n{given['text']}")[:8]
    person = Person.at(given["email"], given["name"], language)
    conversation, _ = Conversation.start(
        person,
        mailbox.team,
        given["subject"],
        given["text"],
        need=form.need,
        channel="form",
        language=language,
        topic=mailbox.topic,
        uploads=uploads,
        problem="A field of the form that no reader sees was filled in, as robots do." if form.by_a_robot else "",
    )
    if not form.by_a_robot:
        write_asked(conversation, person, given["email"])


def _page(request: HttpRequest, form: QuestionForm, status: int = 200) -> HttpResponse:
    return _private(render(request, "help/ask.html", {"form": form}, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    keep_private(response)
    return response
