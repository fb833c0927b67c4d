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
from evenhand.web.wording import later, wording

TEXT_LENGTH = 100_000  # characters
TRAP = "company_fax"  # no reader sees this field, so nobody but a robot fills it in


def one_line(value: str) -> None:
    """Refuse what could break a line: in a header of a letter it would begin a new one."""
    if any(not c.isprintable() for c in value):
        raise ValidationError(wording().question.one_line)


class Words(forms.CharField):
    """What somebody wrote, with a limit they will hardly meet."""

    def __init__(self, missing: str, **more: object) -> None:
        messages = {"required": missing, "max_length": later(lambda say: say.question.too_long)}
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
    text = Words(later(lambda say: say.reply.no_text), label=later(lambda say: say.reply.words), strip=True)


class ImpactForm(forms.Form):
    """The two questions that everyone is asked, whoever they are."""

    going_on = forms.ChoiceField(
        label=later(lambda say: say.impact.going_on),
        choices=[
            (GoingOn.NO, later(lambda say: say.impact.stuck)),
            (GoingOn.HARDLY, later(lambda say: say.impact.hardly)),
            (GoingOn.YES, later(lambda say: say.impact.yes)),
        ],
        error_messages=dict.fromkeys(("required", "invalid_choice"), later(lambda say: say.impact.no_going_on)),
    )
    wish = forms.ChoiceField(
        label=later(lambda say: say.impact.wish),
        choices=[
            (Wish.FIX, later(lambda say: say.impact.fix)),
            (Wish.ANSWER, later(lambda say: say.impact.answer)),
            (Wish.IDEA, later(lambda say: say.impact.idea)),
        ],
        error_messages=dict.fromkeys(("required", "invalid_choice"), later(lambda say: say.impact.no_wish)),
    )

    @property
    def need(self) -> Need:
        return need_from(self.cleaned_data["going_on"], self.cleaned_data["wish"])


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=later(lambda say: say.question.email),
        max_length=254,
        error_messages={
            "required": later(lambda say: say.question.no_email),
            "invalid": later(lambda say: say.question.bad_email),
        },
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        try:
            mailbox(email)
        except ValueError as error:
            raise ValidationError(wording().question.bad_email) from error
        return email


class QuestionForm(Once, ImpactForm, AddressForm):
    name = forms.CharField(
        label=later(lambda say: say.question.name), max_length=120, required=False, validators=[one_line]
    )
    subject = forms.CharField(
        label=later(lambda say: say.question.subject),
        max_length=200,
        validators=[one_line],
        error_messages={"required": later(lambda say: say.question.no_subject)},
    )
    text = Words(later(lambda say: say.question.no_text), label=later(lambda say: say.question.text), strip=True)
    company_fax = forms.CharField(required=False)

    field_order = ["name", "email", "subject", "text", "going_on", "wish", "once"]

    def clean_email(self) -> str:
        email = super().clean_email()
        if Mailbox.is_ours(email):
            raise ValidationError(wording().question.our_email)
        return email

    @property
    def by_a_robot(self) -> bool:
        return bool(self.cleaned_data[TRAP])


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=later(lambda say: say.rating.ask),
        coerce=int,
        choices=lambda: list(enumerate(wording().rating.scores, 1)),
        error_messages=dict.fromkeys(("required", "invalid_choice"), later(lambda say: say.rating.choose)),
    )
    word = forms.CharField(
        label=later(lambda say: say.rating.word),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"max_length": later(lambda say: say.rating.too_long)},
    )
