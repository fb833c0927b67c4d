"""What the DNS says of a mailbox's domain, and how each part of it is mended."""

import pytest

from evenhand.channels import reader, records
from evenhand.channels.models import Letter, Mailbox, Trial
from tests.channels.post import write

pytestmark = pytest.mark.django_db

# The DNS, in the words of a resolver of the tests' own.
WELL = {
    ("desk.example", "MX"): ["10 mail.desk.example."],
    ("desk.example", "TXT"): ["v=spf1 include:mail.example -all", "something else"],
    ("mail.example", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("google._domainkey.desk.example", "TXT"): ["v=DKIM1; k=rsa; p=MIGf"],
    ("_dmarc.desk.example", "TXT"): ["v=DMARC1; p=reject"],
}


def standing(mailbox: Mailbox, **_: object):
    return lambda changed: {
        each.name: each for each in records.findings(mailbox, lambda name, kind: (WELL | changed).get((name, kind), []))
    }


@pytest.mark.parametrize(
    ("changed", "name", "state", "said"),
    [
        ({}, "MX", "good", "brought to mail.desk.example"),
        ({}, "SPF", "good", "which servers may send"),
        ({}, "DKIM", "good", "(google)"),
        ({}, "DMARC", "good", "told to reject"),
        ({("desk.example", "MX"): []}, "MX", "late", "names no server"),
        ({("desk.example", "TXT"): ["something"]}, "SPF", "late", "does not say which servers"),
        ({("desk.example", "TXT"): ["v=spf1 mx -all", "v=spf1 a -all"]}, "SPF", "late", "2 SPF records"),
        ({("desk.example", "TXT"): ["v=spf1 +all"]}, "SPF", "late", "lets everybody send"),
        (
            {("desk.example", "TXT"): ["v=spf1 include:mail.example " + "a " * 10 + "-all"]},
            "SPF",
            "late",
            "needs 11 look-ups",
        ),
        ({("desk.example", "TXT"): ["v=spf1 include:desk.example -all"]}, "SPF", "good", "which servers"),
        ({("google._domainkey.desk.example", "TXT"): ["v=DKIM1; p="]}, "DKIM", "soon", "No key"),
        ({("_dmarc.desk.example", "TXT"): []}, "DMARC", "late", "does not say what to do"),
        ({("_dmarc.desk.example", "TXT"): ["v=DMARC1; p=none"]}, "DMARC", "soon", "only watches"),
        ({("_dmarc.desk.example", "TXT"): ["v=DMARC1"]}, "DMARC", "late", "does not count"),
    ],
)
def test_what_the_dns_says(mailbox, changed, name, state, said):
    found = standing(mailbox)(changed)[name]
    assert (found.state, said in found.said) == (state, True), found
    assert state == "good" or found.mend


def test_a_signature_under_another_name_is_known_from_the_test_letter(mailbox):
    hidden = {
        ("google._domainkey.desk.example", "TXT"): [],
        ("odd._domainkey.desk.example", "TXT"): ["v=DKIM1; p=MIGf"],
    }
    assert standing(mailbox)(hidden)["DKIM"].state == "soon"
    trial = Trial.begin(mailbox, mailbox.address)
    signed = write(subject=trial.subject, dkim_signature="v=1; a=rsa-sha256; d=desk.example; s=odd; b=x")
    Letter.keep(signed, "imap", "", [mailbox.address])
    reader.read_all()
    assert standing(mailbox)(hidden)["DKIM"].state == "good"


def test_a_name_server_that_is_away_is_said(mailbox):
    def away(*_: object) -> list[str]:
        raise records.NoAnswer("timeout")

    (found,) = records.findings(mailbox, away)
    assert "does not answer" in found.said
