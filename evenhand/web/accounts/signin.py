"""Signing in: with a password, a passkey, or a link that is mailed."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.people.agent import FIRST
from evenhand.people.models import Agent, SignInLink
from evenhand.web.source import source_of
from evenhand.web.window import HOUR, Window

from .address import AddressField, free
from .tasks import mail_sign_in_link

ASKED_BY_A_SOURCE = 20  # an hour
MAILED_TO_AN_ADDRESS = 5  # an hour


class MailForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Give your mail address.",
            "invalid": "This is not a mail address. It looks like name@example.org.",
        },
    )


class FirstForm(forms.Form):
    """Who sets the desk up says who they are: their link came from the machine itself, not by mail."""

    name = forms.CharField(
        label="Your name", max_length=120, error_messages={"required": "Customers see your name: give one."}
    )
    email = AddressField()

    def __init__(self, agent: Agent, *args: object) -> None:
        known = {} if agent.name == FIRST else {"name": agent.name, "email": agent.email}
        super().__init__(*args, initial=known)  # type: ignore[arg-type, misc]
        self.agent = agent

    def clean_email(self) -> str:
        return free(str(self.cleaned_data["email"]), self.agent)

    def keep(self, agent: Agent) -> None:
        agent.name = self.cleaned_data["name"]
        agent.save(update_fields=["name"])
        agent.move_to(self.cleaned_data["email"])


class SignIn(LoginView):  # type: ignore[misc]  # published without types
    template_name = "accounts/sign-in.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        cast = Agent.objects.filter(is_active=True).order_by("-is_admin", "name") if settings.EVENHAND_DEMO else ()
        return {**super().get_context_data(**more), "mail": MailForm(), "cast": cast, "passkeys": True}


@never_cache
@require_POST
def mail_link(request: HttpRequest) -> HttpResponse:
    """One answer for every address: whether an agent has it is not told, nor to be measured."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/mail-link.html", {"mail": form}, status=422)
    if not Window.allows("sign-in link", source_of(request), ASKED_BY_A_SOURCE, HOUR):
        form.add_error(
            None, "Links were asked for very often from here. Wait an hour, or use your password or passkey."
        )
        return render(request, "accounts/mail-link.html", {"mail": form}, status=429)
    email = form.cleaned_data["email"].lower()
    if Window.allows("sign-in link to", email, MAILED_TO_AN_ADDRESS, HOUR):
        mail_sign_in_link.defer(email=email)
    return render(request, "accounts/mailed.html", {"email": email})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Opening the link shows a button, and pressing it uses the link up: scanners of mail only open links."""
    link = SignInLink.look(token)
    first = (
        FirstForm(link.agent, request.POST or None)
        if link and link.purpose == "invitation" and Agent.nobody_yet()
        else None
    )
    if link and (request.method != "POST" or (first and not first.is_valid())):
        given = {"link": link, "form": first}
        return render(request, "accounts/enter.html", given, status=422 if first and first.is_bound else 200)
    with transaction.atomic():  # a link is not used up without what was filled in
        agent = SignInLink.use(token) if link else None
        if agent and first:
            first.keep(agent)
    if link is None or agent is None:
        return render(request, "accounts/spent.html", {"mail": MailForm()}, status=404)
    # Who reads the mail has proved who they are: they may set a password without the old one.
    record_authentication(request, agent, method="link", reauthenticated=True)
    to = reverse("accounts:me") if link.purpose == "invitation" and not first else settings.LOGIN_REDIRECT_URL
    return let_in(request, agent, to)


@require_POST
def demo(request: HttpRequest) -> HttpResponseBase:
    """One click signs in as a member of the cast; the demo only."""
    if not settings.EVENHAND_DEMO:
        raise Http404
    pk = request.POST.get("agent", "")
    agent = get_object_or_404(Agent, pk=pk if pk.isdigit() else 0, is_active=True)
    return let_in(request, agent, settings.LOGIN_REDIRECT_URL)


def let_in(request: HttpRequest, agent: Agent, to: str) -> HttpResponseBase:
    """Sign in, or ask for the second factor where the agent has set one up."""
    response: HttpResponseBase = perform_login(request, Login(user=agent, email=agent.email, redirect_url=to))
    return response
