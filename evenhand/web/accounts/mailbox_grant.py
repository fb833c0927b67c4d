"""Connecting a mailbox at Google or Microsoft: its owner agrees there, in the browser, and comes back here."""

from __future__ import annotations

import hmac
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.channels import oauth
from evenhand.channels.models import Folder, Login, Mailbox
from evenhand.people.models import Agent

from .gate import for_administrators

LOOPBACK = ("localhost", "127.0.0.1", "::1")
BEGAN = "mailbox-grant"  # in the session: what was begun


def _back() -> str:
    return f"{settings.EVENHAND_URL}{reverse('accounts:granted')}"


def _comes_back() -> bool:
    """Providers bring a browser back to https addresses, and without TLS to this very machine only."""
    here = urlsplit(settings.EVENHAND_URL)
    return here.scheme == "https" or here.hostname in LOOPBACK


def _elsewhere(request: HttpRequest) -> str:
    """This page where the browser is brought back to, if it is at 127.0.0.1 and not localhost, or the other way round."""
    there = urlsplit(f"{settings.EVENHAND_URL}{request.path}")
    same = there.hostname not in LOOPBACK or request.get_host().lower() == there.netloc.lower()
    return "" if same else there.geturl()


@for_administrators
def grant(request: HttpRequest, agent: Agent, pk: int, provider: str) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """A page with the way to the provider: no form of ours may lead to another host."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    chosen = next((each for each in oauth.known() if each.name == provider), None)
    if chosen is None:
        raise Http404
    began = oauth.begin(chosen, _back(), mailbox.address)
    request.session[BEGAN] = {"state": began.state, "verifier": began.verifier, "mailbox": pk, "provider": provider}
    given = {
        "mailbox": mailbox, "provider": chosen, "there": began.url, "section": "mailboxes", "back": _back(),
        "comes_back": _comes_back(), "elsewhere": _elsewhere(request), "by_code": chosen in oauth.known_by_code(),
    }  # fmt: skip
    return render(request, "accounts/mailbox-grant.html", given)


@for_administrators
def granted(request: HttpRequest, agent: Agent) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """Back from the provider: only what this very session began counts, and once."""
    began = cast("dict[str, str]", request.session.pop(BEGAN, {}))
    state = request.GET.get("state", "")
    if not began or not hmac.compare_digest(began["state"].encode(), state.encode()):
        messages.error(request, "That did not begin here, or it is over. Connect the mailbox again.")
        return HttpResponseRedirect(reverse("accounts:mailboxes"))
    mailbox = get_object_or_404(Mailbox, pk=began["mailbox"])
    provider = oauth.PROVIDERS[began["provider"]]
    try:
        if not request.GET.get("code"):
            raise oauth.Refused(f"{provider.label} granted nothing. You can try again, or give a password.")
        connect(provider, mailbox, request.GET["code"], began["verifier"])
    except oauth.Refused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("accounts:mailbox-login", args=[mailbox.pk]))
    messages.success(request, f"{provider.label} lets the desk fetch and send. Now the test.")
    return HttpResponseRedirect(reverse("accounts:mailbox-test", args=[mailbox.pk]))


@transaction.atomic
def connect(provider: oauth.Provider, mailbox: Mailbox, code: str, verifier: str) -> None:
    """Keep what was granted, and receive and send by it. Raises oauth.Refused."""
    oauth.finish(provider, mailbox, _back(), code, verifier)
    sign_in_by(provider, mailbox)


@transaction.atomic
def sign_in_by(provider: oauth.Provider, mailbox: Mailbox) -> None:
    """Receive and send at the provider's servers, by what it granted."""
    for way, host, port, tls in (
        (Login.Way.RECEIVE, provider.imap, 993, True),
        (Login.Way.SEND, provider.smtp, 587, False),
    ):
        same = {"host": host, "port": port, "tls": tls, "user": mailbox.address, "proof": provider.name, "secret": ""}
        Login.objects.update_or_create(mailbox=mailbox, way=way, defaults=same)
    Folder.objects.filter(login__mailbox=mailbox).delete()  # of the server it was at before
