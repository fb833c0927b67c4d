"""The third step of connecting a mailbox: a real test in each direction, and of what the DNS says."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from evenhand.channels import proving, records
from evenhand.channels.finding import Finding
from evenhand.channels.models import Mailbox, Trial
from evenhand.people.models import Agent

from .gate import for_administrators

SHOWN = 3


class ForwardForm(forms.Form):
    address = forms.EmailField(
        label="The address that is forwarded",
        max_length=254,
        error_messages={"required": "Which address do customers write to?", "invalid": "This is not a mail address."},
    )


@for_administrators
def test(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """POST tests: receiving, sending and the DNS, or with an address whether that one is forwarded to the mailbox."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    forwards = request.method == "POST" and "address" in request.POST
    form = ForwardForm(request.POST if forwards else None)
    found: list[Finding] = []
    if forwards and form.is_valid():
        proving.send(mailbox, form.cleaned_data["address"].lower())
    elif request.method == "POST" and not forwards:
        found = [*proving.receiving(mailbox), sending(proving.send(mailbox)), *records.findings(mailbox)]
    given = {"mailbox": mailbox, "form": form, "found": found, "trials": latest(mailbox), "section": "mailboxes"}
    return render(request, "accounts/mailbox-test.html", given, status=422 if form.errors else 200)


@for_administrators
def trials(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """The test letters alone, for the page that waits for one to come back."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    return render(request, "accounts/mailbox-trials.html", {"mailbox": mailbox, "trials": latest(mailbox)})


def latest(mailbox: Mailbox) -> list[Trial]:
    return list(mailbox.trials.order_by("-pk")[:SHOWN])


def sending(trial: Trial) -> Finding:
    if trial.error:
        return Finding(proving.SENDING, "late", trial.error, proving.mend_sending(trial))
    return Finding(
        proving.SENDING, "good", f"A test letter to {trial.to} was accepted. Below you see when it comes back."
    )
