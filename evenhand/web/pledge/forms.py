"""Do you agree or disagree? What a visitor of the pledge fills in."""

from __future__ import annotations

import secrets

from django import forms
from django.core.exceptions import ValidationError

from evenhand.channels.composing import mailbox
from evenhand.channels.models import Mailbox
from evenhand.web.wording import later, wording


def one_line(value: str) -> None:
    if any(not c.isprintable() for c in value):
        raise ValidationError(wording().question.one_line)


class OpinionForm(forms.Form):
    agrees = forms.ChoiceField(
        label=later(lambda say: say.opinion.question),
        choices=[("yes", later(lambda say: say.opinion.yes)), ("no", later(lambda say: say.opinion.no))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), later(lambda say: say.opinion.choose)),
    )
    word = forms.CharField(
        label=later(lambda say: say.opinion.why),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": later(lambda say: say.opinion.too_long)},
    )
    name = forms.CharField(
        label=later(lambda say: say.question.name), max_length=80, required=False, validators=[one_line]
    )
    email = forms.EmailField(
        label=later(lambda say: say.question.email),
        max_length=254,
        required=False,
        error_messages={"invalid": later(lambda say: say.question.bad_email)},
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
            raise ValidationError(wording().question.bad_email) from error
        if Mailbox.objects.filter(address=email).exists():
            raise ValidationError(wording().opinion.our_email)
        return email

    @property
    def agree(self) -> bool:
        return bool(self.cleaned_data["agrees"] == "yes")

    @property
    def by_a_robot(self) -> bool:
        return bool(self.cleaned_data["company_fax"])
