"""An agent's own account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from evenhand.people.models import Agent

from .gate import for_agents


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Customers see your name: give one."}
    )

    class Meta:
        model = Agent
        fields = ["name"]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="New password", strip=False, max_length=200, error_messages={"required": "Write the new password."}
    )

    def __init__(self, agent: Agent, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.agent = agent

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.agent)
        return password


@for_agents
def me(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    form = NameForm(request.POST or None, instance=agent)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:me"))
    kinds = set(Authenticator.objects.filter(user=agent).values_list("type", flat=True))
    status = 422 if form.is_bound else 200
    return render(request, "accounts/me.html", {"form": form, "kinds": kinds, "section": "me"}, status=status)


@reauthentication_required
@for_agents
def password(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    """Set a password. Whoever has just proved who they are needs no old one, so a forgotten one is no other matter."""
    form = PasswordForm(agent, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/password.html", {"form": form, "section": "me"}, status=status)
    agent.set_password(form.cleaned_data["password"])
    agent.save(update_fields=["password"])
    agent.end_sessions()
    update_session_auth_hash(request, agent)  # this session stays; every other one has ended
    get_adapter().send_notification_mail("account/email/password_changed", agent)
    messages.success(request, "The password is set. You are signed out everywhere else.")
    return HttpResponseRedirect(reverse("accounts:me"))


@for_agents
def everywhere(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    """Sign out wherever else this agent is signed in."""
    if request.method == "POST":
        agent.end_sessions()
        update_session_auth_hash(request, agent)
        messages.success(request, "You are signed out everywhere else.")
    return HttpResponseRedirect(reverse("accounts:me"))
