"""An agent's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenhand.line.models import Turn
from evenhand.people.models import Agent

from .page import desk_page
from .signed_in import DeskRequest, signed_in

THEMES = [("auto", "As my system"), ("light", "Light"), ("dark", "Dark")]


class MeForm(forms.ModelForm):  # type: ignore[type-arg]
    """What agents decide for themselves; what they may see and who they are is an administrator's."""

    theme = forms.ChoiceField(choices=THEMES)
    signature = forms.CharField(max_length=1000, required=False, strip=True)
    away = forms.BooleanField(required=False)

    class Meta:
        model = Agent
        fields = ["theme", "signature"]

    def keep(self) -> None:
        """Going away opens to everyone what was kept for this agent."""
        agent, away = self.instance, self.cleaned_data["away"]
        if bool(agent.away_since) != away:
            agent.away_since = timezone.now() if away else None
        agent.save(update_fields=["theme", "signature", "away_since"])
        if away:
            Turn.release_from(agent)


@require_http_methods(["GET", "POST"])
@signed_in
def me(request: DeskRequest) -> HttpResponse:
    """Theme, signature, away."""
    given: Any = request.POST if request.method == "POST" else None
    form = MeForm(given, instance=request.agent, initial={"away": bool(request.agent.away_since)})
    if given is not None and form.is_valid():
        form.keep()
        return HttpResponseRedirect(reverse("desk:me") + "?kept=1")
    status = 200 if given is None else 400
    return desk_page(request, "me", status, form=form, kept=request.GET.get("kept"), themes=THEMES, box=None)
