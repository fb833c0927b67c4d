"""A page of the desk: what every one of them shows, and how one says no."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html

from .boxes import BOXES
from .countdown import ago, countdown, local, until
from .rail import rail
from .signed_in import DeskRequest


def desk_page(request: DeskRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render `template` beside the rail, for the agent of `request`."""
    agent, now = request.agent, timezone.now()
    beside, token = rail(agent.pk), get_token(request)
    return render(
        request,
        f"desk/{template}.html",
        {
            "agent": agent,
            "token": token,  # one for all the forms of a page: each costs a mask of its own
            "csrf": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token),
            "counts": beside.counts,
            "views": beside.views,
            "held": beside.held,
            "boxes": BOXES.values(),
            "here": request.path,
            "ago": lambda at: ago(at, now),
            "until": lambda at: until(at, now),
            "countdown": lambda at: countdown(at, now),
            "local": local,
            "now": now,
            **context,
        },
        status=status,
    )


def refused(
    request: DeskRequest, sentence: str, status: int = 400, title: str = "That does not work", **context: Any
) -> HttpResponse:
    """A sentence instead of the page, with the right status."""
    return desk_page(request, "refused", status, title=title, sentence=sentence, **context)
