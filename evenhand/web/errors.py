"""A sentence that helps, with the right status code, for what cannot be served."""

# ruff: noqa: ARG001 - Django hands every handler its exception or reason by name

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SENTENCES = {
    400: ("This could not be read", "Something in the request was not in order. Go back and try once more."),
    403: ("This page was open for too long", "Nothing you wrote is lost: go back, reload the page and send it again."),
    404: ("There is nothing here", "The address is wrong, or the link has expired, or it is not yours to see."),
    500: ("That went wrong on our side", "It has been noted. What you sent before is safe; try this once more."),
}


def page(request: HttpRequest, status: int) -> HttpResponse:
    title, sentence = SENTENCES[status]
    return render(request, "error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)  # what may not be seen does not exist


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)
