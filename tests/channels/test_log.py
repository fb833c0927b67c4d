"""What a stranger wrote cannot pass for a line of the log."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.channels import acknowledgement, reader, sending, settling
from evenhand.channels.models import Letter, Outgoing
from evenhand.channels.transport import Answer, End

from .post import arrive, write

pytestmark = pytest.mark.django_db
FORGED = "\r\nERROR all is lost"


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "evenhand.mail"]


def test_what_a_stranger_wrote_breaks_no_log_line(mailbox, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    arrive(write())
    letter = Outgoing.objects.select_related("mailbox").get()
    letter.to = [f"x{FORGED}@y.example"]
    settling.settle(letter, Answer(End.LATER, f"451{FORGED}"))
    settling.settle(letter, Answer(End.REFUSED, f"550{FORGED}"))
    monkeypatch.setattr(acknowledgement, "AT_MOST", 0)
    arrive(write("Two", sender='"a b"@x.example'))
    assert len(lines(caplog)) >= 3
    assert [line for line in lines(caplog) if "\n" in line or "\r" in line] == []


def test_a_reader_that_fails_says_which_letter_and_not_what_was_in_it(mailbox, caplog, monkeypatch):
    def crash(raw: bytes) -> None:
        raise ValueError("no")

    monkeypatch.setattr(reader, "read_letter", crash)
    letter = Letter.keep(write(f"secret{FORGED}"), "smtp")
    reader.read_all()
    assert lines(caplog)[0] == f"Letter {letter.pk} could not be read, try 1."
    assert "secret" not in " ".join(lines(caplog))


def test_what_waits_longest_is_still_tried(mailbox):
    """The clock jumps: a next try far in the past is simply due."""
    arrive(write())
    Outgoing.objects.update(next_try_at=timezone.now() - timedelta(days=400))
    assert sending.send_all() == 1
