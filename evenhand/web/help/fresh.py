"""A new link for whoever lost theirs: one answer for every address, and no sign of who is known here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.web.source import source_of
from evenhand.web.window import HOUR, Window
from evenhand.web.wording import wording

from .door import keep_private
from .forms import AddressForm
from .tasks import mail_fresh_links

ASKED_BY_A_SOURCE = 10  # an hour
MAILED_TO_AN_ADDRESS = 3  # an hour


def fresh(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, 422)
    if not Window.allows("fresh link", source_of(request), ASKED_BY_A_SOURCE, HOUR):
        form.add_error(None, wording().link.too_often)
        return _page(request, form, 429)
    email = form.cleaned_data["email"]
    if Window.allows("fresh link to", email, MAILED_TO_AN_ADDRESS, HOUR):
        mail_fresh_links.defer(email=email)
    return keep(render(request, "help/fresh_sent.html", {"email": email}))


def _page(request: HttpRequest, form: AddressForm, status: int = 200) -> HttpResponse:
    return keep(render(request, "help/fresh.html", {"form": form}, status=status))


def keep(response: HttpResponse) -> HttpResponse:
    keep_private(response)
    return response
