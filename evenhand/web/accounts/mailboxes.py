"""The addresses customers write to."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.channels.composing import mailbox as as_header
from evenhand.channels.models import Mailbox
from evenhand.conversations.conversation import one_line
from evenhand.people.models import Agent, Team

from .gate import for_administrators


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    address = forms.EmailField(
        label="Address",
        max_length=254,
        error_messages={"required": "Give the address.", "invalid": "This is not a mail address."},
    )
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Customers see this name as the sender: give one."}
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.order_by("name"), empty_label=None)
    topic = forms.CharField(label="Topic", max_length=40, required=False)

    class Meta:
        model = Mailbox
        fields = ["address", "name", "team", "topic"]
        error_messages = {"address": {"unique": "There is a mailbox of this address already."}}

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        try:
            as_header(address)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return address

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if one_line(name) != name:
            raise ValidationError("Write the name on one line.")
        return name

    def clean_topic(self) -> str:
        return str(self.cleaned_data["topic"]).strip().lower()


@for_administrators
def mailboxes(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    return _page(request, agent, None)


@for_administrators
def mailbox(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:
    return _page(request, agent, get_object_or_404(Mailbox, pk=pk))


def _page(request: HttpRequest, agent: Agent, edited: Mailbox | None) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    form = MailboxForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:mailboxes"))
    Mailbox.default()  # so that a new desk sees the one it has
    known = Mailbox.objects.select_related("team").order_by("pk")
    given = {"mailboxes": known, "form": form, "edited": edited, "section": "mailboxes"}
    return render(request, "accounts/mailboxes.html", given, status=422 if form.is_bound else 200)
