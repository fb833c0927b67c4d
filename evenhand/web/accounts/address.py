"""The address an agent signs in with. A new one becomes theirs when they open the link that was mailed to it."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from evenhand.people.models import Agent
from evenhand.web.window import DAY, Window

from .gate import for_agents
from .letters import write_new_address

SALT = "accounts.address"
ASKED_A_DAY = 5
TAKEN = "A colleague has this address already, or had it."


class AddressField(forms.EmailField):
    """A mail address that no other agent has, in small letters."""

    def __init__(self) -> None:
        super().__init__(
            label="Mail address",
            max_length=254,
            error_messages={
                "required": "Give your mail address.",
                "invalid": "This is not a mail address. It looks like name@example.org.",
            },
        )

    def clean(self, value: object) -> str:
        return str(super().clean(value)).lower()


class AddressForm(forms.Form):
    email = AddressField()

    def __init__(self, agent: Agent, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.agent = agent

    def clean_email(self) -> str:
        email = free(str(self.cleaned_data["email"]), self.agent)
        if email == self.agent.email:
            raise ValidationError("This is your address already.")
        return email


def free(email: str, agent: Agent) -> str:
    """The address, if no other agent has it. Raises ValidationError."""
    if Agent.objects.filter(email=email).exclude(pk=agent.pk).exists():
        raise ValidationError(TAKEN)
    return email


@reauthentication_required
@for_agents
def address(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    """Ask for another address; a link goes there, and until it is opened nothing changes."""
    form = AddressForm(agent, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/address.html", {"form": form, "section": "me"}, status=status)
    if not Window.allows("new address of", str(agent.pk), ASKED_A_DAY, DAY):
        form.add_error(None, f"That was asked for {ASKED_A_DAY} times today. Try again tomorrow.")
        return render(request, "accounts/address.html", {"form": form, "section": "me"}, status=429)
    email = form.cleaned_data["email"]
    token = signing.dumps([agent.pk, agent.email, email], salt=SALT)
    write_new_address(agent, email, reverse("accounts:confirm-address", args=[token]))
    messages.success(request, f"A link is on its way to {email}. Open it within a day and the address is yours.")
    return HttpResponseRedirect(reverse("accounts:me"))


@for_agents
def confirm(request: HttpRequest, agent: Agent, token: str) -> HttpResponseBase:
    """The mailed link, opened by the agent who asked: a button, because scanners of mail open links."""
    email = _asked_for(agent, token)
    if request.method != "POST":
        return render(request, "accounts/confirm-address.html", {"email": email, "section": "me"})
    try:
        _move(agent, free(email, agent))
    except ValidationError as error:
        messages.error(request, f"Nothing has changed. {error.message}")
        return HttpResponseRedirect(reverse("accounts:me"))
    messages.success(request, f"You sign in as {email} from now on.")
    return HttpResponseRedirect(reverse("accounts:me"))


@transaction.atomic
def _move(agent: Agent, email: str) -> None:
    """The address is theirs, and the old one is told. Raises ValidationError where a colleague was quicker."""
    get_adapter().send_notification_mail(
        "account/email/email_changed", agent, {"from_email": agent.email, "to_email": email}
    )
    try:
        agent.move_to(email)
    except IntegrityError as error:
        raise ValidationError(TAKEN) from error


def _asked_for(agent: Agent, token: str) -> str:
    """The address that this agent asked for. Raises Http404 for a link that is old, used, or somebody else's."""
    try:
        pk, before, email = signing.loads(token, salt=SALT, max_age=DAY)
    except signing.BadSignature as error:
        raise Http404 from error
    if (pk, before) != (agent.pk, agent.email):
        raise Http404
    return str(email)
