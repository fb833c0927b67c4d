"""Who answers: inviting, skills, roles, leaving. And the teams they are in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.conversations.farewell import farewell
from evenhand.people.models import Agent, Team

from .gate import for_administrators
from .letters import write_invitation

AT_MOST_AT_ONCE = 50


class Skills(forms.CharField):
    """A list of words, separated by commas; empty covers everything."""

    def __init__(self, label: str, length: int) -> None:
        super().__init__(label=label, required=False, max_length=400)
        self.length = length

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = sorted({word.strip().lower() for word in (super().to_python(value) or "").split(",") if word.strip()})
        if any(len(word) > self.length for word in words):
            raise ValidationError(f"Each of these has at most {self.length} characters, with commas between them.")
        return words


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Customers see the name: give one."}
    )
    is_admin = forms.BooleanField(
        label="Administrator: may change the promise, the team and the mailboxes", required=False
    )
    teams = forms.ModelMultipleChoiceField(
        label="Teams",
        queryset=Team.objects.order_by("name"),
        error_messages={"required": "Choose at least one team: an agent sees the conversations of their teams."},
    )
    languages = Skills("Languages", 8)
    topics = Skills("Topics", 40)
    at_once = forms.IntegerField(
        label="At once",
        min_value=1,
        max_value=AT_MOST_AT_ONCE,
        error_messages={"required": "How many may they hold at once?"},
    )

    class Meta:
        model = Agent
        fields = ["name", "teams", "languages", "topics", "at_once"]

    @transaction.atomic
    def keep(self) -> Agent:
        agent: Agent = self.save()
        agent.set_role(is_admin=self.cleaned_data["is_admin"])
        return agent

    def clean_is_admin(self) -> bool:
        wanted = bool(self.cleaned_data["is_admin"])
        if not wanted and self.instance.pk and is_last_administrator(self.instance):
            raise ValidationError("This is the last administrator. Make somebody else one first.")
        return wanted


class InviteForm(MemberForm):
    email = forms.EmailField(
        label="Mail address", max_length=254, error_messages={"required": "Where is the invitation to go?"}
    )

    field_order = ["name", "email", "teams", "languages", "topics", "at_once", "is_admin"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Agent.objects.filter(email=email).exists():
            raise ValidationError("Somebody with this address is in the team already, or was.")
        return email

    @transaction.atomic
    def invite(self, by: Agent) -> Agent:
        self.instance.email = self.cleaned_data["email"]
        self.instance.set_password(None)
        agent = self.keep()
        write_invitation(agent, by)
        return agent


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give the team a name."})

    signature = forms.CharField(label="Signature", max_length=1000, required=False, strip=True, widget=forms.Textarea)

    class Meta:
        model = Team
        fields = ["name", "signature"]
        error_messages = {"name": {"unique": "There is a team of this name already."}}


def is_last_administrator(agent: Agent) -> bool:
    return agent.is_admin and not Agent.objects.filter(is_admin=True, is_active=True).exclude(pk=agent.pk).exists()


@for_administrators
def team(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    form = InviteForm(request.POST or None, initial={"at_once": 5, "teams": Team.objects.all()[:1]})
    if request.method == "POST" and form.is_valid():
        invited = form.invite(by=agent)
        messages.success(request, f"An invitation is on its way to {invited.email}.")
        return HttpResponseRedirect(reverse("accounts:team"))
    given = {
        "agents": Agent.objects.prefetch_related("teams").order_by("-is_active", "name"),
        "teams": Team.objects.order_by("name"),
        "form": form,
        "section": "team",
    }
    return render(request, "accounts/team.html", given, status=422 if form.is_bound else 200)


@for_administrators
def member(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:
    shown = get_object_or_404(Agent, pk=pk)
    form = MemberForm(request.POST or None, instance=shown, initial={"is_admin": shown.is_admin})
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:team"))
    given = {"member": get_object_or_404(Agent, pk=pk), "form": form, "section": "team", "myself": shown.pk == agent.pk}
    return render(request, "accounts/member.html", given, status=422 if form.is_bound else 200)


def _to_member(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:member", args=[pk]))


@for_administrators
def invite_again(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:
    invited = get_object_or_404(Agent, pk=pk, is_active=True, last_login=None)
    if request.method == "POST":
        with transaction.atomic():
            write_invitation(invited, agent)
        messages.success(request, f"A new invitation is on its way to {invited.email}; the old one no longer opens.")
    return _to_member(pk)


@for_administrators
def leave(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:
    leaving = get_object_or_404(Agent, pk=pk, is_active=True)
    if request.method != "POST":
        return _to_member(pk)
    if leaving.pk == agent.pk:
        messages.error(request, "You cannot deactivate yourself. Ask another administrator.")
        return _to_member(pk)
    handed = farewell(leaving, by=agent)
    messages.success(request, f"{leaving.name} is signed out everywhere. {handed} conversations are back in the line.")
    return _to_member(pk)


@for_administrators
def come_back(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    returning = get_object_or_404(Agent, pk=pk, is_active=False)
    if request.method == "POST":
        returning.reactivate()
        messages.success(request, f"{returning.name} can sign in again.")
    return _to_member(pk)


@for_administrators
def teams(request: HttpRequest, agent: Agent, pk: int | None = None) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """Add a team, or rename one."""
    renamed = get_object_or_404(Team, pk=pk) if pk else None
    form = TeamForm(request.POST or None, instance=renamed)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:team"))
    given = {"form": form, "section": "team", "renamed": bool(pk)}
    return render(request, "accounts/team-name.html", given, status=422 if form.is_bound else 200)
