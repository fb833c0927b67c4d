"""The addresses customers write to."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.channels.composing import mailbox as as_header
from evenhand.channels.imap import everywhere
from evenhand.channels.models import Folder, Letter, Mailbox, Trouble
from evenhand.channels.tally import FETCHED
from evenhand.conversations.conversation import one_line
from evenhand.people.models import Agent, Team

from .gate import for_administrators

SHOWN = 10


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
def mailboxes(request: HttpRequest, agent: Agent) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """All of them, and the first step of connecting another."""
    nowhere = _nowhere()
    form = MailboxForm(request.POST or None, instance=nowhere, initial={"address": ""} if nowhere else None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(reverse("accounts:mailbox-login", args=[form.save().pk]))
    known = Mailbox.objects.select_related("team").prefetch_related("logins").order_by("pk")
    troubles = {each.mailbox_id: each for each in Trouble.objects.filter(ended_at=None).order_by("-pk")}
    given = {"mailboxes": known, "troubles": troubles, "form": form, "section": "mailboxes", "nowhere": nowhere}
    return render(request, "accounts/mailboxes.html", given, status=422 if form.is_bound else 200)


@for_administrators
def mailbox(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """One: how it goes, and what it is."""
    shown = get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:mailbox", args=[pk]))
    mailbox = get_object_or_404(Mailbox, pk=pk)
    given = {"mailbox": mailbox, "form": form, "section": "mailboxes", **standing(mailbox)}
    return render(request, "accounts/mailbox.html", given, status=422 if form.is_bound else 200)


def _nowhere() -> Mailbox | None:
    """The mailbox of a new desk, which is to get its address; a second beside it would leave the form's questions there."""
    first = Mailbox.default()
    return first if first.is_nowhere and not settings.EVENHAND_DEMO and Mailbox.objects.count() == 1 else None


def standing(mailbox: Mailbox) -> dict[str, object]:
    """Its account, its folders, and what was and is wrong."""
    ours = {
        each.name
        for each in everywhere()
        if (each.login.mailbox_id if each.login else Mailbox.default().pk) == mailbox.pk
    }
    oldest = (
        Letter.objects.unread().filter(mailbox=mailbox).order_by("pk").values_list("received_at", flat=True).first()
    )
    return {
        "account": next(each for each in Letter.account() if each["address"] == mailbox.address),
        "logins": mailbox.logins.order_by("way"),
        "folders": Folder.objects.filter(name__in=ours).order_by("name"),
        "unread_since": oldest,
        "last_day": mailbox.tallies.filter(what=FETCHED).aggregate(last=Max("day"))["last"],
        "refused": Letter.objects.refused(mailbox)[:SHOWN],
        "troubles": mailbox.troubles.order_by("-pk")[:SHOWN],
    }
