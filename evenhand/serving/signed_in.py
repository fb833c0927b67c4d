"""Who a cookie belongs to: asked the way Django's own pages ask, with every check that they make."""

from __future__ import annotations

import hashlib
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from evenhand.people.models import Agent


class SignedIn(NamedTuple):
    agent: int
    teams: frozenset[int]


def session_key(cookies: str) -> str:
    """The session's key in a Cookie header, "" for none."""
    try:
        cookie = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def digest(key: str) -> str:
    """How the database names a session that ended (see the trigger in `evenhand.web.migrations`)."""
    return hashlib.sha256(key.encode()).hexdigest()


def signed_in(key: str) -> SignedIn | None:
    """The agent of a session and the teams whose events they may hear; None when it signs nobody in (any more).

    Blocks: call it in a thread. The session's hash of the password, its end and `is_active` are all checked.
    """
    close_old_connections()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    agent = get_user(request)
    if not isinstance(agent, Agent) or not agent.is_active:
        return None
    return SignedIn(agent.pk, frozenset(agent.teams.values_list("pk", flat=True)))
