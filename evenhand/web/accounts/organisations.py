"""Organisations: their names, their mail domains, their people. What they pay is not known here, on purpose."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evenhand.channels import parting
from evenhand.conversations import belonging
from evenhand.people.freemail import FREE_MAIL
from evenhand.people.models import Account, AccountDomain, Address, Agent, Person

from .gate import for_administrators

SHOWN = 100
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Give the organisation a name."})

    class Meta:
        model = Account
        fields = ["name"]


class DomainForm(forms.Form):
    domain = forms.CharField(
        label="Mail domain", max_length=253, error_messages={"required": "Give a domain, like example.org."}
    )

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"]).strip().lower().removeprefix("@")
        domain = domain if domain.isascii() else domain.encode("idna").decode()
        if not DOMAIN.fullmatch(domain):
            raise ValidationError("This is no mail domain. It looks like example.org.")
        if domain in FREE_MAIL:
            raise ValidationError(f"Anyone can have an address at {domain}: its people do not belong together.")
        other = AccountDomain.objects.filter(domain=domain).select_related("account").first()
        if other:
            raise ValidationError(f"{domain} belongs to {other.account}.")
        return domain


class MergeForm(forms.Form):
    email = forms.EmailField(
        label="Their other address",
        max_length=254,
        error_messages={"required": "Give the address of the other record.", "invalid": "This is not a mail address."},
    )

    def __init__(self, person: Person, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.person = person

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        address = Address.objects.select_related("person__account").filter(email=email).first()
        if address is None:
            raise ValidationError("Nobody has written from this address.")
        if address.person_id == self.person.pk:
            raise ValidationError("This address is theirs already.")
        self.other = address.person
        return email


@for_administrators
def organisations(request: HttpRequest, agent: Agent) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, "Saved. Add its mail domains next.")
        return _to(made)
    sought = request.GET.get("q", "").strip()[:200]
    given = {
        "organisations": _found(sought)[:SHOWN],
        "q": sought,
        "form": form,
        "shown": SHOWN,
        "section": "organisations",
    }
    return render(request, "accounts/organisations.html", given, status=422 if form.is_bound else 200)


def _found(sought: str) -> QuerySet[Account]:
    known = Account.objects.exclude(name="").annotate(size=Count("people", distinct=True)).prefetch_related("domains")
    if sought:
        named = Q(name__icontains=sought) | Q(domains__domain__icontains=sought.lower())
        known = known.filter(Q(pk__in=Account.objects.filter(named).values("pk")))
    return known.order_by("name", "pk")


def _to(account: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:organisation", args=[account.pk]))


@for_administrators
def organisation(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    account = get_object_or_404(Account.objects.exclude(name=""), pk=pk)
    form = OrganisationForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return _to(account)
    return _page(request, pk, 422 if form.is_bound else 200, form=form)


def _page(request: HttpRequest, pk: int, status: int = 200, **forms_: object) -> HttpResponse:
    account = get_object_or_404(Account.objects.exclude(name=""), pk=pk)
    given = {
        "account": account,
        "domains": account.domains.order_by("domain"),
        "people": account.people.prefetch_related("addresses").order_by("name", "pk")[:SHOWN],
        "outside": _writing_from(account).count(),
        "form": OrganisationForm(instance=account),
        "domain": DomainForm(),
        "section": "organisations",
    }
    return render(request, "accounts/organisation.html", given | forms_, status=status)


def _writing_from(account: Account) -> QuerySet[Person]:
    """People who write from the organisation's domains and are not counted to anyone yet."""
    domains = list(account.domains.values_list("domain", flat=True))
    at = Q(pk__in=[])
    for domain in domains:
        at |= Q(addresses__email__endswith=f"@{domain}")
    return Person.objects.filter(at, account__name="").exclude(account=account).distinct()


@for_administrators
def domains(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """Add a domain, or take one away."""
    account = get_object_or_404(Account.objects.exclude(name=""), pk=pk)
    if request.method != "POST":
        return _to(account)
    if removed := request.POST.get("remove"):
        account.domains.filter(domain=removed).delete()
        return _to(account)
    form = DomainForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, 422, domain=form)
    account.domains.create(domain=form.cleaned_data["domain"])
    messages.success(request, f"Whoever writes from {form.cleaned_data['domain']} for the first time belongs here now.")
    return _to(account)


@for_administrators
def bring_in(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    """Count those who write from the domains, and stood alone so far, to the organisation."""
    account = get_object_or_404(Account.objects.exclude(name=""), pk=pk)
    if request.method == "POST":
        people = list(_writing_from(account))
        for person in people:
            belonging.join(person, account)
        messages.success(request, f"{len(people)} people belong to {account.name} now, and take turns with it.")
    return _to(account)


@for_administrators
def merge(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:
    """Two records of one person become one, asked twice; or two again what was one."""
    person = get_object_or_404(Person.objects.select_related("account").prefetch_related("addresses"), pk=pk)
    if request.method == "POST" and request.POST.get("undo", "").isdecimal():
        return _part(request, agent, person)
    form = MergeForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid() and request.POST.get("action") == "merge":
        try:
            belonging.merge(form.other, person, agent, "An administrator merged the two records.")
        except ValueError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("accounts:organisations"))
        messages.success(request, "They are one person now.")
        return _to(person.account) if person.account.name else HttpResponseRedirect(reverse("accounts:organisations"))
    given = {
        "person": person,
        "form": form,
        "joins": person.joined.filter(parted_at=None).select_related("agent").order_by("-pk"),
        "other": getattr(form, "other", None) if form.is_bound and form.is_valid() else None,
        "section": "organisations",
    }
    return render(request, "accounts/merge.html", given, status=422 if form.is_bound and form.errors else 200)


def _part(request: HttpRequest, agent: Agent, person: Person) -> HttpResponse:
    joined = person.joined.filter(pk=min(int(request.POST["undo"]), 2**63 - 1), parted_at=None).first()
    try:
        if joined is None:
            raise ValueError("This was undone already.")
        parting.part(joined, agent, "An administrator undid the join.")
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "They are two people again.")
    return HttpResponseRedirect(reverse("accounts:merge-people", args=[person.pk]))
