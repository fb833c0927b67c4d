"""Connecting a mailbox in three steps, with a real server for each direction (Dovecot, aiosmtpd)."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import timezone

from evenhand.channels import imap, oauth, proving, reader, records, watching
from evenhand.channels.letter import Arrival
from evenhand.channels.models import Folder, Grant, Letter, Login, Mailbox, Outgoing, Tally, Trial, Trouble
from evenhand.web.accounts import mailbox_alarm
from tests.channels.authorisation import authorisation
from tests.channels.post import write
from tests.channels.server import postbox
from tests.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def dovecot():
    with Dovecot() as server:
        yield server


@pytest.fixture
def out():
    with postbox() as box:
        yield box


@pytest.fixture(autouse=True)
def a_quiet_net(settings, monkeypatch):
    """Test servers are on this machine, and nobody asks the real name servers."""
    settings.EVENHAND_PRIVATE_HOSTS = True
    monkeypatch.setattr(records, "ask_dns", lambda _name, _kind: [])
    monkeypatch.setattr(records.findings, "__defaults__", (lambda _name, _kind: [],))


@pytest.fixture
def given(dovecot, out):
    """What is typed into the second step."""
    return {
        "comes": "fetch", "user": "help", "password": PASSWORD, "imap_host": "127.0.0.1", "imap_port": dovecot.port,
        "imap_security": "starttls", "folders": "INBOX", "after": "read", "moves_to": "", "takes_unread": "on",
        "leaves": "desk", "smtp_host": "127.0.0.1", "smtp_port": out.port, "smtp_security": "starttls",
    }  # fmt: skip


def at(mailbox: Mailbox, step: str = "") -> str:
    return f"/settings/mailboxes/{mailbox.pk}/{step}"


def test_three_steps(as_admin, team, given, dovecot, out, settings):
    settings.EVENHAND_OUTBOUND = out.url
    first = as_admin.post("/settings/mailboxes/", {"address": "help@desk.example", "name": "Help", "team": team.pk})
    mailbox = Mailbox.objects.get(address="help@desk.example")
    assert first.url == at(mailbox, "login/")
    second = as_admin.post(first.url, given)
    assert second.url == at(mailbox, "test/")
    assert "None has come yet." in as_admin.get(at(mailbox)).content.decode()
    third = as_admin.post(second.url).content.decode()
    assert "Signed in to 127.0.0.1. INBOX holds 0 letters; the server says at once when a letter comes." in third
    assert "A test letter to help@desk.example was accepted." in third
    assert "on its way" in third
    # The letter arrives where the mailbox lives; it is fetched, recognised, and no conversation.
    dovecot.deliver("help", out.letters)
    (where,) = imap.everywhere()
    assert imap.fetch(where) == 1
    reader.read_all()
    assert "it came back after" in as_admin.get(at(mailbox, "trials/")).content.decode()
    letter = Letter.objects.get()
    assert (letter.outcome, letter.conversation, letter.mailbox) == ("rejected", None, mailbox)
    page = as_admin.get(at(mailbox)).content.decode()
    assert re.search(r"help@127\.0\.0\.1:\d+/INBOX</td><td class=\"at\">20", page)
    assert f"The last one came on {timezone.now().date()}" in page
    assert Letter.account()[-1]["adds_up"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "wrong"}, "127.0.0.1 refuses the user name or the password."),
        ({"folders": "INBOX, Nowhere"}, "There is no folder &#39;Nowhere&#39;. There are: INBOX."),
        ({"imap_port": 1}, "127.0.0.1 cannot be reached on port 1: nothing listens there."),
        ({"imap_security": "tls"}, "speaks no TLS on port"),
        ({"imap_host": "no-such-host.invalid"}, "There is no host named no-such-host.invalid"),
        ({"leaves": "own", "smtp_port": 1}, "127.0.0.1 cannot be reached on port 1: nothing listens there."),
        ({"leaves": "own"}, "offers no STARTTLS"),
    ],
)
def test_what_is_wrong_is_said(as_admin, mailbox, given, changed, said, request):
    assert as_admin.post(at(mailbox, "login/"), given | changed).status_code == 302
    assert said in as_admin.post(at(mailbox, "test/")).content.decode()


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        ("smtp.calm.example refuses the user name or the password: 535 5.7.8 No", "app password"),
        ("Nothing can be sent: this mailbox has no server to send by, and EVENHAND_OUTBOUND is not set.", "step 2"),
        ("smtp.calm.example cannot be reached on port 25: no answer.", "port 587"),
    ],
)
def test_what_helps_is_said_for_what_is_wrong(error, mend):
    assert mend in proving.mend_sending(Trial(error=error))


def test_a_certificate_that_nobody_signed_is_said(as_admin, mailbox, given, dovecot):
    changed = {"imap_host": "localhost", "imap_port": dovecot.tls_port, "imap_security": "tls"}
    as_admin.post(at(mailbox, "login/"), given | changed)
    assert "The certificate of localhost cannot be trusted" in as_admin.post(at(mailbox, "test/")).content.decode()


def test_a_folder_to_move_to_is_made(as_admin, mailbox, given, dovecot):
    assert as_admin.post(at(mailbox, "login/"), given | {"after": "move"}).status_code == 422
    as_admin.post(at(mailbox, "login/"), given | {"after": "move", "moves_to": "Done"})
    as_admin.post(at(mailbox, "test/"))
    assert dovecot.client("help").folder_exists("Done")


def test_the_password_is_never_shown_and_never_in_the_clear(as_admin, mailbox, given, database_urls, tmp_path):
    as_admin.post(at(mailbox, "login/"), given)
    login = Login.objects.get()
    assert login.password == PASSWORD
    for page in ("", "login/", "test/"):
        assert PASSWORD not in as_admin.get(at(mailbox, page)).content.decode()
    refused = as_admin.post(at(mailbox, "login/"), given | {"imap_port": ""})
    assert (refused.status_code, PASSWORD in refused.content.decode()) == (422, False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM channels_login l")
        assert PASSWORD not in cursor.fetchone()[0]


def test_a_password_that_is_kept_goes_to_no_other_server(as_admin, mailbox, given):
    """Or who may change the server could have it sent to one of theirs."""
    as_admin.post(at(mailbox, "login/"), given)
    same = as_admin.post(at(mailbox, "login/"), given | {"password": "", "folders": "INBOX, Sent"})
    assert same.status_code == 302
    assert Login.objects.get().password == PASSWORD
    for changed in ({"imap_host": "imap.evil.example"}, {"imap_port": 4433}, {"user": "other"}):
        answer = as_admin.post(at(mailbox, "login/"), given | {"password": ""} | changed)
        assert answer.status_code == 422
        assert "Give the password again" in answer.content.decode()
    assert Login.objects.get().host == "127.0.0.1"


def test_another_secret_key_says_what_to_do(as_admin, mailbox, given, settings):
    as_admin.post(at(mailbox, "login/"), given)
    settings.SECRET_KEY = "another secret key of at least 32 characters"
    (where,) = imap.Where.each_of(Login.objects.get())
    imap.fetch(where)
    assert Folder.objects.get().error.endswith("give it again.")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "2130706433",
        "0x7f000001",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
    ],
)
@pytest.mark.parametrize("way", ["imap", "smtp"])
def test_servers_on_private_networks_are_refused(as_admin, mailbox, given, settings, host, way):
    settings.EVENHAND_PRIVATE_HOSTS = False
    public = {"imap_host": "93.184.215.14", "smtp_host": "93.184.215.14", "leaves": "own"}
    answer = as_admin.post(at(mailbox, "login/"), given | public | {f"{way}_host": host})
    assert answer.status_code == 422
    assert re.search("private network|Give the name of a server", answer.content.decode())


def test_a_name_that_leads_inside_later_is_refused_when_it_is_connected_to(mailbox, given, settings, monkeypatch):
    """DNS rebinding: public when it was typed, private when it is used; and what was looked at is what is connected to."""
    import socket

    login = Login(mailbox=mailbox, way="imap", host="rebinding.example", port=143, tls=False, user="help")
    login.password = PASSWORD
    login.save()
    settings.EVENHAND_PRIVATE_HOSTS = False
    asked, connected = [], []

    def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.215.14" if len(asked) == 1 else "127.0.0.1", 143))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        connected.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert "does not answer" in proving.receiving(mailbox)[0].said
    assert connected == [("93.184.215.14", 143)]
    assert "private network" in proving.receiving(mailbox)[0].said
    assert len(connected) == 1


@pytest.mark.parametrize("field", ["user", "folders", "moves_to", "password"])
def test_no_line_break_reaches_a_server(as_admin, mailbox, given, field):
    answer = as_admin.post(at(mailbox, "login/"), given | {field: "x\r\nA1 DELETE INBOX"})
    assert answer.status_code == 422
    assert not Login.objects.exists()


def test_an_address_that_is_forwarded_is_verified(as_admin, mailbox, out, settings):
    settings.EVENHAND_OUTBOUND = out.url
    page = as_admin.post(at(mailbox, "test/"), {"address": "Info@old.example"}).content.decode()
    assert "To info@old.example" in page
    assert out.to == [["info@old.example"]]
    sent = message_from_bytes(out.letters[0])
    sent.replace_header("Subject", f"Fwd: {sent['Subject']}")
    Letter.keep(sent.as_bytes(), "smtp", "info@old.example", [mailbox.address])
    reader.read_all()
    assert "The forwarding works." in as_admin.get(at(mailbox, "trials/")).content.decode()


def test_a_letter_that_does_not_come_back_is_said(as_admin, mailbox):
    Trial.begin(mailbox, "info@old.example")
    Trial.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    page = as_admin.get(at(mailbox, "trials/")).content.decode()
    assert "it has not come back in ten minutes" in page
    assert "hx-get" not in page


def test_a_made_up_token_is_a_customers_letter(mailbox):
    Letter.keep(write(subject=f"Hello [test {'a' * 26}]"), "smtp", "", [mailbox.address])
    reader.read_all()
    assert Letter.objects.get().outcome == "stored"


def test_where_nothing_can_be_sent_that_is_said(as_admin, mailbox, settings):
    settings.EVENHAND_OUTBOUND = ""
    assert "Nothing can be sent" in as_admin.post(at(mailbox, "test/")).content.decode()


def test_an_answer_leaves_by_the_mailboxs_own_server(mailbox, out, settings):
    from evenhand.channels import sending

    settings.EVENHAND_OUTBOUND = "smtp://127.0.0.1:1"
    Login.objects.create(
        mailbox=mailbox, way="smtp", host="127.0.0.1", port=out.port, tls=False, user="", proof="password"
    )
    Outgoing.post("sign-in", ["mira@lumen.example"], "Hello", "Hello", mailbox=mailbox, wakes=False)
    # The tests' server knows no signing in: the letter waits, for that is to be mended and no fault of the letter's.
    sending.send_all()
    letter = Outgoing.objects.get()
    assert (letter.sent_at, letter.failed_at) == (None, None)
    assert "127.0.0.1 offers no STARTTLS on port" in letter.answer


def test_the_page_says_what_was_refused_and_why(as_admin, mailbox):
    raw = b"From: Mira <mira@lumen.example>\r\n\r\n" + b"x" * 100
    arrival = Arrival(raw, "hook", "mira@lumen.example", ("help@desk.example",))
    Letter.refuse(arrival, 40_000_000, "It is larger than 25 MB.")
    shown = as_admin.get(at(mailbox)).content.decode()
    assert "Refused lately" in shown
    for said in ("mira@lumen.example", "40.0 MB", "It is larger than 25 MB."):
        assert said in shown
    assert re.search(r"<dt>Refused</dt><dd>1</dd>", shown)
    assert re.search(r"<dt>Adds up</dt><dd>Yes</dd>", shown)
    for number in range(30):
        Letter.refuse(arrival, 40_000_001 + number, "It is larger than 25 MB.")
    assert as_admin.get(at(mailbox)).content.decode().count("It is larger than 25 MB.") == 10
    another = Mailbox.objects.create(address="two@desk.example", name="Two", team=mailbox.team)
    assert "Refused lately" not in as_admin.get(at(another)).content.decode()


@pytest.fixture
def google(monkeypatch, settings):
    settings.GOOGLE_CLIENT = ("the desk", "the secret")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with authorisation() as provider:
        made = replace(oauth.PROVIDERS["google"], authorize=f"{provider.url}/authorize", token=f"{provider.url}/token")
        monkeypatch.setitem(oauth.PROVIDERS, "google", made)
        yield provider


def test_a_mailbox_at_google_is_connected_without_a_password(as_admin, mailbox, google):
    page = as_admin.get(at(mailbox, "google/")).content.decode()
    there = re.search(r'href="(http[^"]+/authorize[^"]+)"', page)[1].replace("&amp;", "&")
    state = re.search(r"state=([^&]+)", there)[1]
    code = google.agree(there, mailbox.address)
    back = as_admin.get("/settings/mailboxes/granted/", {"code": code, "state": state})
    assert back.url == at(mailbox, "test/")
    assert {each.way: (each.host, each.proof) for each in Login.objects.all()} == {
        "imap": ("imap.gmail.com", "google"), "smtp": ("smtp.gmail.com", "google"),
    }  # fmt: skip
    assert Grant.objects.get().provider == "google"
    again = as_admin.get("/settings/mailboxes/granted/", {"code": code, "state": state})
    assert again.url == "/settings/mailboxes/"  # once


def test_what_is_granted_goes_to_no_other_server(as_admin, mailbox, given):
    for way, host, port, tls in (("imap", "imap.gmail.com", 993, True), ("smtp", "smtp.gmail.com", 587, False)):
        mailbox.logins.create(way=way, host=host, port=port, tls=tls, user="help@desk.example", proof="google")
    theirs = {
        "user": "help@desk.example", "password": "", "imap_host": "imap.gmail.com", "imap_port": 993, "imap_security": "tls",
        "leaves": "own", "smtp_host": "smtp.gmail.com", "smtp_port": 587,
    }  # fmt: skip
    for changed in ({"imap_host": "127.0.0.1"}, {"smtp_host": "127.0.0.1"}, {"imap_port": 143}, {"user": "another"}):
        answer = as_admin.post(at(mailbox, "login/"), given | theirs | changed)
        assert answer.status_code == 422
        assert "What Google grants goes to its own servers alone." in answer.content.decode()
    assert as_admin.post(at(mailbox, "login/"), given | theirs | {"folders": "INBOX, Help"}).status_code == 302
    assert {each.host for each in Login.objects.all()} == {"imap.gmail.com", "smtp.gmail.com"}
    assert (
        as_admin.post(at(mailbox, "login/"), given | theirs | {"imap_host": "127.0.0.1", "password": "new"}).status_code
        == 302
    )
    assert Login.objects.get(way="imap").proof == "password"


@pytest.mark.parametrize("given", [{"code": "x", "state": "another"}, {"code": "x"}, {"error": "access_denied"}])
def test_what_did_not_begin_here_connects_nothing(as_admin, mailbox, google, given):
    as_admin.get(at(mailbox, "google/"))
    as_admin.get("/settings/mailboxes/granted/", given)
    assert not Grant.objects.exists()
    assert not Login.objects.exists()


# Looking after them.
def test_administrators_are_told_once_of_a_mailbox_that_is_late(as_admin, admin, mailbox, given):
    as_admin.post(at(mailbox, "login/"), given | {"password": "wrong"})
    (where,) = imap.everywhere()
    imap.fetch(where)
    assert mailbox_alarm.look_and_tell() == 0  # it may be well in a moment
    Folder.objects.update(last_success_at=timezone.now() - timedelta(minutes=16))
    assert mailbox_alarm.look_and_tell() == 1
    assert mailbox_alarm.look_and_tell() == 0
    letter = Outgoing.objects.get()
    assert letter.to == [admin.email]
    text = message_from_bytes(bytes(letter.raw)).get_payload()[0].get_payload(decode=True).decode()
    assert "refuses the user name or the password" in text
    assert "Something is wrong" in as_admin.get("/settings/mailboxes/").content.decode()
    assert "refuses the user name or the password" in as_admin.get(at(mailbox)).content.decode()
    as_admin.post(at(mailbox, "login/"), given)
    (where,) = imap.everywhere()
    imap.fetch(where)
    assert watching.look() == []
    assert Trouble.objects.get().ended_at
    assert "Something is wrong" not in as_admin.get("/settings/mailboxes/").content.decode()


def test_administrators_are_told_of_letters_that_nobody_reads(admin, mailbox):
    letter = Letter.keep(write(), "smtp", "", [mailbox.address])
    assert watching.look() == []
    Letter.objects.filter(pk=letter.pk).update(received_at=timezone.now() - timedelta(minutes=20))
    assert [each.kind for each in watching.look()] == ["unread"]
    reader.read_all()
    watching.look()
    assert Trouble.objects.get().ended_at


def test_administrators_are_told_of_an_account_that_does_not_add_up(admin, mailbox):
    Letter.keep(write(), "smtp", "", [mailbox.address])
    reader.read_all()
    Tally.objects.filter(what="fetched").update(count=7)
    assert mailbox_alarm.look_and_tell() == 1
    assert Trouble.objects.get().words == "7 letters were fetched, and that is not the sum of what became of them."
