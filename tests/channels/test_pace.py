"""Signed, and no faster than is good for whoever receives: DKIM, and limits for each recipient and domain."""

import re
from datetime import timedelta

import dkim
import pytest
from click.testing import CliRunner
from django.utils import timezone

from evenhand.channels import lookups, sending, signing
from evenhand.channels.models import Delivery, Mailbox, Outgoing
from evenhand.channels.reading import authenticate
from evenhand.command import main
from evenhand.env import Address

from .names import names, text
from .post import arrive, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(settings, tmp_path):
    settings.EVENHAND_DKIM, settings.EVENHAND_DATA = "desk1", tmp_path
    signing._private.cache_clear()
    yield tmp_path
    signing._private.cache_clear()


def records(name: str) -> list[str]:
    known, value = signing.record("desk.example")
    return [value] if name == known else ["v=DMARC1; p=reject"] if name == "_dmarc.desk.example" else []


def test_what_leaves_carries_a_signature_that_holds(mailbox, box, signed, ada):
    conversation = arrive(write()).conversation
    conversation.reply(ada, "Use water, über alles.", html="<p>Use <b>water</b>.</p>", cc=["joe@lumen.example"])
    sending.send_all()
    assert len(box.letters) == 2
    for raw in box.letters:
        verdict = authenticate(raw, resolver=records)
        assert (verdict.passed, verdict.dkim, verdict.dmarc) == (True, "pass", "pass")
        assert b"s=desk1" in raw
    changed = box.letters[1].replace(b"From: Ada", b"From: Eva")
    assert authenticate(changed, resolver=records).passed is False


def test_the_key_is_made_once_and_readable_by_us_alone(signed):
    one = signing.record("desk.example")
    file = signed / "secrets" / "dkim.pem"
    assert oct(file.stat().st_mode)[-3:] == "600"
    signing._private.cache_clear()
    assert signing.record("desk.example") == one
    assert one[0] == "desk1._domainkey.desk.example"


def test_nothing_is_signed_before_somebody_says_so(mailbox, box):
    arrive(write())
    sending.send_all()
    assert b"DKIM-Signature" not in box.letters[0]


def test_the_command_says_what_belongs_into_the_dns(mailbox, signed, settings, database_urls, monkeypatch):
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_urls["desk"])
    with names() as server:
        settings.EVENHAND_RESOLVER = Address(*server.server_address)
        lookups.resolver.cache_clear()
        missing = CliRunner().invoke(main, ["mail", "dkim"]).output
        name, value = signing.record("desk.example")
        server.records[f"{name}.", "TXT"] = text(value)
        lookups.resolver.cache_clear()
        there = CliRunner().invoke(main, ["mail", "dkim"]).output
    lookups.resolver.cache_clear()
    assert "It is not there yet." in missing
    assert f'desk1._domainkey.desk.example. TXT "{value}"' in there
    assert "It is there." in there
    assert dkim.load_pk_from_dns  # the library that reads such records
    assert re.search(r"p=[A-Za-z0-9+/]{300,}", value)


def post(count: int, to: str = "mira@lumen.example", kind: str = "survey") -> list[Outgoing]:
    return [Outgoing.post(kind, [to.format(n)], "s", "t") for n in range(count)]


def test_one_recipient_gets_so_many_an_hour_and_the_rest_later(mailbox, box, settings):
    settings.EVENHAND_RECIPIENT_AN_HOUR = 3
    post(5, "mira+{}@lumen.example")  # whatever its tag
    post(1, "joe@lumen.example")
    sending.send_all()
    assert sorted(to[0].split("@")[0] for to in box.to) == ["joe", "mira+0", "mira+1", "mira+2"]
    waiting = Outgoing.objects.filter(sent_at=None)
    assert {each.tries for each in waiting} == {0}
    assert all(timedelta(minutes=58) < each.next_try_at - timezone.now() <= timedelta(hours=1) for each in waiting)
    Outgoing.objects.filter(sent_at=None).update(next_try_at=timezone.now())
    Delivery.objects.update(at=timezone.now() - timedelta(minutes=61))
    sending.send_all()
    assert len(box.letters) == 6


def test_one_domain_gets_so_many_a_minute(mailbox, box, settings):
    settings.EVENHAND_DOMAIN_A_MINUTE = 4
    post(6, "p{}@lumen.example")
    post(2, "p{}@other.example")
    sending.send_all()
    assert sorted(to[0].split("@")[1] for to in box.to) == ["lumen.example"] * 4 + ["other.example"] * 2


def test_everyone_counts_whom_a_letter_goes_to(mailbox, box, settings):
    """Who is written to by copies alone is written to all the same."""
    settings.EVENHAND_RECIPIENT_AN_HOUR = 2
    for n in range(2):
        Outgoing.post("survey", [f"p{n}@lumen.example"], "s", "t", cc=[f"Mira+{n}@lumen.example"])
    sending.send_all()
    Outgoing.post("survey", ["mira@lumen.example"], "s", "t")
    Outgoing.post("survey", ["p3@lumen.example"], "s", "t", cc=["mira@lumen.example"])
    Outgoing.post("survey", ["p3@lumen.example"], "s", "t")
    assert sending.send_all() == 1
    assert box.to[-1] == ["p3@lumen.example"]
    assert {each.tries for each in Outgoing.objects.filter(sent_at=None)} == {0}


def test_a_domain_counts_its_recipients_in_one_letter_too(mailbox, box, settings):
    settings.EVENHAND_DOMAIN_A_MINUTE = 3
    Outgoing.post("survey", ["a@lumen.example"], "s", "t", cc=["b@lumen.example", "c@lumen.example", "d@other.example"])
    sending.send_all()
    post(1, "e@other.example")
    post(1, "e@lumen.example")
    assert sending.send_all() == 1
    assert box.to[-1] == ["e@other.example"]


def test_what_no_limit_looks_at_is_forgotten(mailbox, box):
    post(2)
    sending.send_all()
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(at=timezone.now() - timedelta(hours=25))
    assert (Delivery.forget(), Delivery.objects.count()) == (1, 1)


def test_who_sits_and_waits_to_sign_in_does_not_wait_for_others(mailbox, box, settings):
    settings.EVENHAND_DOMAIN_A_MINUTE = settings.EVENHAND_RECIPIENT_AN_HOUR = 1
    post(2)
    post(1, kind="sign-in")
    sending.send_all()
    assert len(box.letters) == 2


def test_zero_is_no_limit_and_what_stays_in_the_house_has_none(mailbox, box, settings):
    settings.EVENHAND_DOMAIN_A_MINUTE = settings.EVENHAND_RECIPIENT_AN_HOUR = 0
    post(5)
    assert sending.send_all() == 5
    settings.EVENHAND_DOMAIN_A_MINUTE = settings.EVENHAND_RECIPIENT_AN_HOUR = 1
    settings.EVENHAND_OUTBOUND = ""
    post(5)
    assert sending.send_all() == 5


def test_a_domain_where_nobody_can_publish_our_key_is_not_signed_for(signed):
    raw = b"From: desk@gmail.com\r\nSubject: x\r\n\r\nx\r\n"
    assert signing.sign(raw, "Gmail.com") == raw


def test_a_domain_in_other_letters_signs_with_its_name_in_ascii(signed):
    raw = signing.sign(b"From: a@b\xc3\xbccher.example\r\nSubject: x\r\n\r\nx\r\n", "bücher.example")
    assert b"d=xn--bcher-kva.example" in raw
    assert Mailbox(address="a@bücher.example").host == "bücher.example"
