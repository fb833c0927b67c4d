"""What programs come in with: tokens, shown once; and the hooks that are open."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.people.models import Agent, ApiToken
from evenhand.web.span import date_words

from .gate import for_administrators

MOST_TOKENS = 50


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?", max_length=80, error_messages={"required": "Give it a name, such as Billing."}
    )

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        alive = ApiToken.objects.filter(revoked_at=None)
        if alive.filter(name=name).exists():
            raise ValidationError(
                "There is a token of this name already. Revoke that one first, or choose another name."
            )
        if alive.count() >= MOST_TOKENS:
            raise ValidationError(f"There are {MOST_TOKENS} tokens already. Revoke one that nobody uses.")
        return name


@for_administrators
def programs(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    form = TokenForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        # Shown in the answer to this very request, and kept nowhere.
        made = ApiToken.make(agent, form.cleaned_data["name"], ApiToken.Scope.LEDGER_WRITE)
        form = TokenForm()
    given = {
        "tokens": ApiToken.objects.select_related("made_by").filter(revoked_at=None).order_by("name"),
        "form": form,
        "made": made,
        "day": date_words,
        "facts": settings.EVENHAND_URL + reverse("api:facts"),
        "hook": settings.EVENHAND_URL + reverse("api:stripe"),
        "hook_is_open": bool(settings.EVENHAND_STRIPE_SECRET),
        "section": "programs",
    }
    return render(request, "accounts/programs.html", given, status=422 if form.is_bound else 200)


@for_administrators
def revoke(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    token = get_object_or_404(ApiToken, pk=pk, revoked_at=None)
    if request.method == "POST":
        token.revoke()
        messages.success(request, f"{token.name} opens nothing any more.")
    return HttpResponseRedirect(reverse("accounts:programs"))
