"""Connecting a mailbox at Microsoft with a code: for desks whose address no browser can be brought back to."""

from __future__ import annotations

from time import time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.channels import device_code, oauth
from evenhand.channels.device_code import DeviceCode
from evenhand.channels.models import Grant, Mailbox
from evenhand.channels.sealing import Unsealable
from evenhand.people.models import Agent

from .gate import for_administrators
from .mailbox_grant import sign_in_by

BEGAN = "mailbox-code"  # in the session: the code, and for which mailbox


@for_administrators
def code(request: HttpRequest, agent: Agent, pk: int, provider: str) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """The code and where to type it in. POST asks for one."""
    mailbox, chosen = _asked(pk, provider)
    if request.method == "POST":
        try:
            request.session[BEGAN] = {"mailbox": pk, **device_code.begin(chosen)._asdict()}
        except oauth.Refused as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    return render(request, "accounts/mailbox-code.html", _shown(request, mailbox, chosen))


@for_administrators
def look(request: HttpRequest, agent: Agent, pk: int, provider: str) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """POST asks once whether it was granted: the page does by itself, and so does a button."""
    mailbox, chosen = _asked(pk, provider)
    back = reverse(f"accounts:code-{provider}", args=[pk])
    began = _begun(request, mailbox)
    if request.method != "POST" or began is None:
        return _go(request, back)
    try:
        found = device_code.look(chosen, mailbox, began)
    except (oauth.Refused, Unsealable) as error:
        request.session.pop(BEGAN, None)
        messages.error(request, str(error))
        return _go(request, back)
    if isinstance(found, Grant):
        request.session.pop(BEGAN, None)
        sign_in_by(chosen, mailbox)
        messages.success(request, f"{chosen.label} lets the desk fetch and send. Now the test.")
        return _go(request, reverse("accounts:mailbox-test", args=[pk]))
    request.session[BEGAN] = {"mailbox": pk, **found._asdict()}
    if not _by_itself(request):
        messages.info(request, f"{chosen.label} says that the code was not typed in yet.")
        return HttpResponseRedirect(back)
    return render(request, "accounts/mailbox-code-wait.html", _shown(request, mailbox, chosen))


def _asked(pk: int, provider: str) -> tuple[Mailbox, oauth.Provider]:
    mailbox = get_object_or_404(Mailbox, pk=pk)
    chosen = next((each for each in oauth.known_by_code() if each.name == provider), None)
    if chosen is None:
        raise Http404
    return mailbox, chosen


def _begun(request: HttpRequest, mailbox: Mailbox) -> DeviceCode | None:
    """The code that this very session asked for, for this mailbox."""
    kept: dict[str, Any] = dict(request.session.get(BEGAN) or {})
    return DeviceCode(**kept) if kept.pop("mailbox", None) == mailbox.pk else None


def _shown(request: HttpRequest, mailbox: Mailbox, provider: oauth.Provider) -> dict[str, object]:
    code = _begun(request, mailbox)
    left = max(0, round((code.ends_at - time()) / 60)) if code else 0
    return {"mailbox": mailbox, "provider": provider, "code": code, "minutes": left, "section": "mailboxes"}


def _by_itself(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _go(request: HttpRequest, where: str) -> HttpResponseBase:
    """To another page, and not into a piece of this one."""
    return HttpResponse(headers={"HX-Redirect": where}) if _by_itself(request) else HttpResponseRedirect(where)
