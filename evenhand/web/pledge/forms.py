"""Do you agree or disagree? What a visitor of the pledge fills in."""

from __future__ import annotations

import secrets

from django import forms
from django.core.exceptions import ValidationError

from evenhand.channels.composing import mailbox
from evenhand.channels.models import Mailbox


def one_line(value: str) -> None:
    if any(not c.isprintable() for c in value):
        raise ValidationError("This has a line break or a control character in it. Write it on one line.")


class OpinionForm(forms.Form):
    agrees = forms.ChoiceField(
        label="Every customer gets the same support, whatever they pay. Do you agree?",
        choices=[("yes", "I agree"), ("no", "I disagree")],
        error_messages={"required": "Choose one; why is up to you."},
    )
    word = forms.CharField(
        label="Why?",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": "Up to 1,000 characters are kept here. Say the heart of it."},
    )
    name = forms.CharField(label="Your name", max_length=80, required=False, validators=[one_line])
    email = forms.EmailField(
        label="Your mail address",
        max_length=254,
        required=False,
        error_messages={"invalid": "This is not a mail address. It looks like name@example.org."},
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=43, required=False)
    company_fax = forms.CharField(required=False)  # no reader sees this field, so nobody but a robot fills it in

    def fresh(self) -> str:
        """The token by which this form counts once, however often its button is pressed."""
        return str(self["once"].value() or secrets.token_urlsafe(16))

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if not email:
            return ""
        try:
            mailbox(email)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if Mailbox.objects.filter(address=email).exists():
            raise ValidationError("This is our own address. Give the one we can reach you at, or none.")
        return email

    @property
    def agree(self) -> bool:
        return bool(self.cleaned_data["agrees"] == "yes")

    @property
    def by_a_robot(self) -> bool:
        return bool(self.cleaned_data["company_fax"])
