"""Who may open a page of the house. What one may not see is the same as what does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from evenhand.people.models import Agent

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Agent, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_agents(page: Page[P]) -> View[P]:
    """The page gets the signed-in agent; others are sent to sign in."""

    @wraps(page)
    @login_required
    @never_cache
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, cast("Agent", request.user), *args, **kwargs)

    return view


def for_administrators(page: Page[P]) -> View[P]:
    """As `for_agents`; to an agent who is none the page does not exist."""

    @wraps(page)
    @for_agents
    def view(request: HttpRequest, agent: Agent, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not agent.is_admin:
            raise Http404
        return page(request, agent, *args, **kwargs)

    return view
