"""Who may come in: agents, and nobody before they have signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from evenhand.people.models import Agent

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in."""

    agent: Agent


def signed_in(view: Callable[Concatenate[DeskRequest, P], HttpResponseBase]) -> View[P]:
    """Hand the agent to the view as `request.agent`; whoever is not signed in is shown the way and loses no word."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Agent):
            return sign_in_first(request)
        request.agent = request.user  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page. What a form carried is shown, so that it can be copied; the saved draft has it, too."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
    back = request.headers.get("Referer", "/desk/").partition("//")[2].partition("/")[2]
    words = request.POST.get("words", "")
    context = {"sign_in": f"{settings.LOGIN_URL}?{urlencode({'next': '/' + back})}", "words": words}
    return render(request, "desk/signed_out.html", context, status=401)
