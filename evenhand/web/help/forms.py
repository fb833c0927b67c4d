"""What a customer fills in. Every refusal is a sentence, and everything typed stays."""

from __future__ import annotations

import re
import secrets
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from evenhand.channels.composing import mailbox
from evenhand.channels.models import Mailbox
from evenhand.promise.need import GoingOn, Need, Wish, need_from

TEXT_LENGTH = 100_000  # characters
TRAP = "company_fax"  # no reader sees this field, so nobody but a robot fills it in


def one_line(value: str) -> None:
    """Refuse what could break a line: in a header of a letter it would begin a new one."""
    if any(not c.isprintable() for c in value):
        raise ValidationError("This has a line break or a control character in it. Write it on one line.")


class Words(forms.CharField):
    """What somebody wrote, with a limit they will hardly meet."""

    def __init__(self, missing: str, **more: object) -> None:
        messages = {"required": missing, "max_length": "This is too long to read: send it as a file instead."}
        super().__init__(max_length=TEXT_LENGTH, widget=forms.Textarea, error_messages=messages, **more)  # type: ignore[arg-type]


class Once(forms.Form):
    """A form that counts once, however often its button is pressed."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=43, required=False)

    @cached_property
    def secret(self) -> str:
        """What tells this one form from all others: its own when it came with one that can be kept, else a new one."""
        given = str(self["once"].value() or "")
        return given if re.fullmatch(r"[\w-]{1,43}", given) else secrets.token_urlsafe(16)


class ReplyForm(Once):
    text = Words("Write a few words first.", label="Your words", strip=True)


class ImpactForm(forms.Form):
    """The two questions that everyone is asked, whoever they are."""

    going_on = forms.ChoiceField(
        label="Can you go on with your work?",
        choices=GoingOn.choices,
        error_messages={"required": "Choose what fits best; it decides how soon we promise an answer."},
    )
    wish = forms.ChoiceField(
        label="What would help you most?",
        choices=Wish.choices,
        error_messages={"required": "Choose what would help you most."},
    )

    @property
    def need(self) -> Need:
        return need_from(self.cleaned_data["going_on"], self.cleaned_data["wish"])


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="Your mail address",
        max_length=254,
        error_messages={
            "required": "Without your address we cannot answer.",
            "invalid": "This is not a mail address. It looks like name@example.org.",
        },
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        try:
            mailbox(email)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return email


class QuestionForm(Once, ImpactForm, AddressForm):
    name = forms.CharField(label="Your name", max_length=120, required=False, validators=[one_line])
    subject = forms.CharField(
        label="What is it about?",
        max_length=200,
        validators=[one_line],
        error_messages={"required": "Give it a few words as a title."},
    )
    text = Words("Tell us what happened, or what you would like to know.", label="Your question", strip=True)
    company_fax = forms.CharField(required=False)

    field_order = ["name", "email", "subject", "text", "going_on", "wish", "once"]

    def clean_email(self) -> str:
        email = super().clean_email()
        if Mailbox.is_ours(email):
            raise ValidationError("This is our own address. Give the one we can reach you at.")
        return email

    @property
    def by_a_robot(self) -> bool:
        return bool(self.cleaned_data[TRAP])


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label="How was it?",
        coerce=int,
        choices=[(1, "Bad"), (2, "Not good"), (3, "All right"), (4, "Good"), (5, "Very good")],
        error_messages={"required": "Choose one of the five.", "invalid_choice": "Choose one of the five."},
    )
    word = forms.CharField(
        label="A word about it",
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"max_length": "Two thousand characters can be kept here; write to us for more."},
    )
