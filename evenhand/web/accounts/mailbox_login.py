"""The second step of connecting a mailbox: how its letters are fetched, and how answers leave."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from evenhand.channels import oauth
from evenhand.channels.host import NotPublic, public_address
from evenhand.channels.models import Folder, Login, Mailbox
from evenhand.people.models import Agent

from .gate import for_administrators

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FOLDERS = 20
SECURITY = [("tls", "TLS (from the first byte)"), ("starttls", "STARTTLS")]
COMES = [
    ("fetch", "Fetch them from its mail server (IMAP)"),
    ("brought", "They are brought or forwarded to this desk: there is nothing to fetch"),
]
LEAVES = [("own", "By the mailbox's own mail server"), ("desk", "By the desk's own way (EVENHAND_OUTBOUND)")]
# Where the domain does not tell: (IMAP, SMTP).
KNOWN = {
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "googlemail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "outlook.com": ("outlook.office365.com", "smtp.office365.com"),
    "hotmail.com": ("outlook.office365.com", "smtp.office365.com"),
    "icloud.com": ("imap.mail.me.com", "smtp.mail.me.com"),
    "yahoo.com": ("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    "fastmail.com": ("imap.fastmail.com", "smtp.fastmail.com"),
    "gmx.net": ("imap.gmx.net", "mail.gmx.net"),
    "web.de": ("imap.web.de", "smtp.web.de"),
}


class Line(forms.CharField):
    """One line without control characters, which would end a command to a server and begin another."""

    def __init__(self, label: str, length: int, *, required: bool = False, missing: str = "") -> None:
        super().__init__(label=label, max_length=length, required=required, error_messages={"required": missing})

    def clean(self, value: Any) -> str:
        found = str(super().clean(value))
        if CONTROL.search(found):
            raise ValidationError("Write it on one line, without control characters.")
        return found


class Host(Line):
    def clean(self, value: Any) -> str:
        found = super().clean(value).strip().lower()
        if found and not HOST.fullmatch(found):
            raise ValidationError("Give the name of a server, as in imap.example.com.")
        return found


class LoginForm(forms.Form):
    comes = forms.ChoiceField(label="How its letters come", choices=COMES)
    user = Line("User name", 254)
    password = forms.CharField(label="Password", max_length=500, required=False, strip=False)
    imap_host = Host("IMAP server", 253)
    imap_port = forms.IntegerField(label="Port", min_value=1, max_value=65535, required=False)
    imap_security = forms.ChoiceField(label="Encryption", choices=SECURITY)
    folders = Line("Folders", 2000)
    after = forms.ChoiceField(label="When a letter is stored here, there", choices=Login.After.choices)
    moves_to = Line("Folder to move to", 200)
    takes_unread = forms.BooleanField(label="Also fetch what lies there unread now", required=False)
    leaves = forms.ChoiceField(label="How answers leave", choices=LEAVES)
    smtp_host = Host("SMTP server", 253)
    smtp_port = forms.IntegerField(label="Port", min_value=1, max_value=65535, required=False)
    smtp_security = forms.ChoiceField(label="Encryption", choices=SECURITY)

    def __init__(self, mailbox: Mailbox, data: Any = None) -> None:
        self.mailbox = mailbox
        logins = {each.way: each for each in mailbox.logins.all()}
        self.receives: Login | None = logins.get(Login.Way.RECEIVE)
        self.sends: Login | None = logins.get(Login.Way.SEND)
        super().__init__(data, initial=self._initial())

    def _initial(self) -> dict[str, Any]:
        domain = self.mailbox.host
        imap, smtp = KNOWN.get(domain, (f"imap.{domain}", f"smtp.{domain}"))
        fresh = not (self.receives or self.sends)
        receives = self.receives or Login(host=imap, port=993, user=self.mailbox.address)
        sends = self.sends or Login(host=smtp, port=587, tls=False, user=receives.user)
        return {
            "comes": "fetch" if self.receives or fresh else "brought",
            "user": receives.user if self.receives else sends.user,
            "imap_host": receives.host,
            "imap_port": receives.port,
            "imap_security": "tls" if receives.tls else "starttls",
            "folders": ", ".join(receives.folders),
            "after": receives.after,
            "moves_to": receives.moves_to,
            "takes_unread": receives.takes_unread,
            "leaves": "own" if self.sends or fresh else "desk",
            "smtp_host": sends.host,
            "smtp_port": sends.port,
            "smtp_security": "tls" if sends.tls else "starttls",
        }

    @property
    def granted(self) -> str:
        """By whom access is granted, so that there is no password."""
        known = self.receives or self.sends
        return known.get_proof_display() if known and known.proof != Login.Proof.PASSWORD else ""

    @property
    def keeps_password(self) -> bool:
        return any(each and each.secret for each in (self.receives, self.sends))

    def clean_password(self) -> str:
        given = str(self.cleaned_data["password"])
        if CONTROL.search(given):
            raise ValidationError("A password with control characters cannot be sent to a server.")
        return given

    def clean_folders(self) -> list[str]:
        found = [each.strip() for each in str(self.cleaned_data["folders"]).split(",") if each.strip()]
        if len(found) > FOLDERS or any(len(each) > 200 for each in found):
            raise ValidationError(f"At most {FOLDERS} folders, with commas between them.")
        return list(dict.fromkeys(found)) or ["INBOX"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for way, wanted in (("imap", given.get("comes") == "fetch"), ("smtp", given.get("leaves") == "own")):
            if wanted:
                self._check_server(way, given)
        if given.get("after") == Login.After.MOVE and not given.get("moves_to"):
            self.add_error("moves_to", "To which folder? It is made if it is not there.")
        return given

    def _check_server(self, way: str, given: dict[str, Any]) -> None:
        """There is a server, it is a public one, and the password goes only to the server that it was given for."""
        host, port = given.get(f"{way}_host"), given.get(f"{way}_port")
        if not host and f"{way}_host" not in self.errors:
            self.add_error(f"{way}_host", "Which server? Your provider's help names it.")
        if not port and f"{way}_port" not in self.errors:
            self.add_error(f"{way}_port", "Which port?")
        if not given.get("user") and "user" not in self.errors:
            self.add_error("user", "With which name do you sign in there? Often it is the address.")
        if not host or not port:
            return
        if not settings.EVENHAND_PRIVATE_HOSTS and _leads_inside(host, port):
            self.add_error(
                f"{way}_host",
                f"{host} is on a private network. Only with EVENHAND_PRIVATE_HOSTS=1 may a mailbox be there.",
            )
        known = self.receives if way == "imap" else self.sends
        other = self.sends if way == "imap" else self.receives
        same = known and (known.host, known.port, known.user) == (host, port, given.get("user"))
        if not given.get("password") and not same and "password" not in self.errors:
            self.add_error("password", self._why_again() if known or other else "Give the password.")

    def _why_again(self) -> str:
        if self.granted:
            return f"What {self.granted} grants goes to its own servers alone. Give a password for this one, or connect it there again."
        return "Give the password again: the server or the user is another one."

    @transaction.atomic
    def keep(self) -> None:
        given = self.cleaned_data
        self._keep(Login.Way.RECEIVE, self.receives, "imap", wanted=given["comes"] == "fetch")
        self._keep(Login.Way.SEND, self.sends, "smtp", wanted=given["leaves"] == "own")
        Folder.objects.filter(login__mailbox=self.mailbox).update(next_try_at=timezone.now(), failures=0, error="")

    def _keep(self, way: str, known: Login | None, prefix: str, *, wanted: bool) -> None:
        if not wanted:
            if known:
                known.delete()
            return
        given = self.cleaned_data
        login = known or Login(mailbox=self.mailbox, way=way)
        login.host, login.port = given[f"{prefix}_host"], given[f"{prefix}_port"]
        login.tls, login.user = given[f"{prefix}_security"] == "tls", given["user"]
        if given["password"]:
            login.password, login.proof = given["password"], Login.Proof.PASSWORD
        if way == Login.Way.RECEIVE:
            login.folders, login.after = given["folders"], given["after"]
            login.moves_to, login.takes_unread = given["moves_to"], given["takes_unread"]
        login.save()


def _leads_inside(host: str, port: int) -> bool:
    try:
        public_address(host, port)
    except NotPublic:
        return True
    except OSError:
        return False  # no such name; the test says so
    return False


@for_administrators
def login(request: HttpRequest, agent: Agent, pk: int) -> HttpResponseBase:  # noqa: ARG001 - given by the gate
    mailbox = get_object_or_404(Mailbox, pk=pk)
    form = LoginForm(mailbox, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.keep()
        return HttpResponseRedirect(reverse("accounts:mailbox-test", args=[pk]))
    given = {
        "mailbox": mailbox, "form": form, "section": "mailboxes",
        "providers": oauth.known(), "by_code": oauth.known_by_code(),
    }  # fmt: skip
    return render(request, "accounts/mailbox-login.html", given, status=422 if form.is_bound else 200)
