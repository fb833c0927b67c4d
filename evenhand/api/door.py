"""Who may come in: whoever shows a token. What there is to do stands in `operations`, and is loaded when first asked for.

It costs eleven megabytes in every process that has it, and most desks never use it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from evenhand.people.models import ApiToken
from evenhand.people.token import A_MINUTE, TooMany

MOST_BYTES = 1024 * 1024  # of one request
SCHEME = "Bearer "
SHOW_ONE = (
    "Show a token for this: Authorization: Bearer evenhand_... An administrator makes one under Settings, Programs."
)
TOO_LARGE = f"One request may have {MOST_BYTES // 1024 // 1024} MiB. Send the rows in several."
TOO_OFTEN = f"A token may come {A_MINUTE} times a minute. Wait until the next one; nothing of this request was taken."


def refused(sentence: str, status: int, **headers: str) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status, headers=headers)


def with_token(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Nothing is read of a request, and nothing loaded for it, before its token is known. No cookie counts here, so no
    page of another site can make a browser come in."""

    @csrf_exempt
    @never_cache
    def guarded(request: HttpRequest) -> HttpResponseBase:
        token = request.headers.get("Authorization", "")
        try:
            if not token.startswith(SCHEME) or not ApiToken.opens(token[len(SCHEME) :].strip(), "ledger: write"):
                return refused(SHOW_ONE, 401, **{"WWW-Authenticate": "Bearer"})
        except TooMany:
            return refused(TOO_OFTEN, 429, **{"Retry-After": "60"})
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return refused(TOO_LARGE, 413)
        return view(request)

    return guarded


@with_token
def program(request: HttpRequest) -> HttpResponseBase:
    found = _operations().resolve(request.path_info.removeprefix("/api/"))
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer


@with_token
def description(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - the same for everyone
    """The operations in OpenAPI."""
    from .operations import api

    return JsonResponse(api.get_openapi_schema(path_prefix="/api/"))


@cache
def _operations() -> URLResolver:
    from .operations import api

    return URLResolver(RegexPattern(r"^"), api.urls[0])
