"""Other addresses of ours, whose letters come to a mailbox."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from evenhand.channels.models import Alias, Mailbox
from evenhand.people.models import Agent

from .gate import for_administrators


class AliasForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    address = forms.EmailField(
        label="Address",
        max_length=254,
        error_messages={"required": "Give the address.", "invalid": "This is not a mail address."},
    )
    mailbox = forms.ModelChoiceField(
        label="Its letters come to", queryset=Mailbox.objects.order_by("pk"), empty_label=None
    )

    class Meta:
        model = Alias
        fields = ["address", "mailbox"]

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        if Mailbox.is_ours(address):
            raise ValidationError("This is known as an address of ours already.")
        return address


@for_administrators
def aliases(request: HttpRequest, agent: Agent) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """Add one, or take one away."""
    if request.method == "POST" and (gone := request.POST.get("remove", "")):
        Alias.objects.filter(address=gone).delete()
        return HttpResponseRedirect(reverse("accounts:aliases"))
    Mailbox.default()  # so that a new desk sees the one it has
    form = AliasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("accounts:aliases"))
    known = Alias.objects.select_related("mailbox").order_by("address")
    given = {"aliases": known, "form": form, "section": "mailboxes"}
    return render(request, "accounts/aliases.html", given, status=422 if form.is_bound else 200)
