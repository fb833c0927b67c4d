"""Whatever arrives becomes a row that says what became of it, and the account adds up."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.channels import reader
from evenhand.channels.models import Letter
from evenhand.conversations.models import Message
from tests.reading.bombs import FOLDING, PARSER
from tests.reading.corpora import corpus, letters

from .post import arrive

pytestmark = pytest.mark.django_db

ODD = {
    "nothing": b"",
    "a NUL in everything": b"From: a\0b <x\0@y.example>\nSubject: s\0\nMessage-ID: <a\0@b>\nTo: c\0@d.example\n\nwords\0",
    "a sender of 400 characters": b"From: " + b"a" * 400 + b"@x.example\n\nwords",
    "a name of 5,000 characters": b"From: " + b"n" * 5000 + b" <a@x.example>\n\nwords",
    "a subject of 5,000 characters": b"From: a@x.example\nSubject: " + b"s" * 5000 + b"\n\nwords",
    "a Message-ID of 2,000 characters": b"From: a@x.example\nMessage-ID: <" + b"m" * 2000 + b"@x>\n\nwords",
    "bytes of no charset": b"From: \xff\xfe <a@x.example>\nSubject: \xc3\x28\nMessage-ID: <\xff@x>\n\n\xff\xfe\x00",
    "half a surrogate": b"From: =?utf-8?B?7aCA?= <a@x.example>\nSubject: =?utf-16?B?2AA=?=\n\nwords",
    "a log line": b"From: a@x.example\nSubject: x\r\n\tERROR all is lost\n\nwords",
    "a file with a hidden name": b'From: a@x.example\nContent-Type: application/x; name="../../.htaccess\x00.png"\n\nwords',
    "a type of 300 characters": b"From: a@x.example\nContent-Type: "
    + b"a" * 150
    + b"/"
    + b"b" * 150
    + b"; name=x\n\nwords",
    "a Content-ID of 900 characters": b"From: a@x.example\nContent-Type: image/png; name=x\nContent-ID: <"
    + b"c" * 900
    + b"@x>\n\nx",
}


def settled(letter: Letter) -> None:
    assert letter.outcome
    assert not letter.reason.startswith("Reading it failed")
    assert letter.outcome in ("duplicate", "rejected") or letter.conversation_id
    assert Letter.account()[0]["adds_up"]


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_odd_letters(mailbox, raw):
    settled(arrive(raw))


# Reading is held to all of them in tests/reading; here to some, with what the database makes of them.
BOMBS = dict(list((PARSER | FOLDING).items())[::6])


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_bombs_are_kept_and_cost_little(mailbox, raw):
    raw = raw.encode() if isinstance(raw, str) else raw
    kept = Letter.keep(raw, "smtp")
    begin = time.process_time()
    reader.read_all()
    assert time.process_time() - begin < 4
    kept.refresh_from_db()
    settled(kept)
    assert bytes(kept.raw) == raw


def test_real_letters(mailbox):
    raws = [path.read_bytes() for path in letters(corpus("mail"))[:80]]
    for raw in raws:
        settled(arrive(raw))
    assert Letter.objects.count() == len(raws)
    assert Letter.account()[0]["fetched"] == len(raws)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=400)
    | st.tuples(st.text(max_size=80), st.text(max_size=80), st.text(max_size=200)).map(
        lambda each: f"From: {each[0]} <a@x.example>\nSubject: {each[1]}\n\n{each[2]}".encode("utf-8", "surrogatepass")
    )
)
def test_any_bytes(mailbox, raw):
    settled(arrive(raw))


def test_a_very_long_text_is_cut_and_says_so(mailbox):
    letter = arrive(b"From: a@x.example\n\n" + b"word " * 200_000)
    assert len(letter.message.text) < 510_000
    assert letter.message.text.endswith("open the raw letter to read it all.]")


def test_no_message_holds_what_postgresql_cannot(mailbox):
    arrive(ODD["a NUL in everything"])
    assert "\0" not in Message.objects.get().text
