"""Reports that an answer did not reach some of those it went to: each is found, shown and marked, once."""

import pytest

from evenhand.channels import sending, token
from evenhand.channels.models import Letter
from evenhand.conversations.models import Event, Message
from evenhand.people.models import Address, Person

from .post import DESK, arrive, write
from .server import postbox

pytestmark = pytest.mark.django_db
MIRA, JOE, KIM = "mira@lumen.example", "joe@else.example", "kim@else.example"


@pytest.fixture
def message(mailbox, ada, settings) -> Message:
    """An answer to Mira with copies to Joe and Kim, whom somebody here knows, too."""
    conversation = arrive(write()).conversation
    for address in (JOE, KIM, "other@else.example"):
        Person.welcome(address, "")
    with postbox() as box:
        settings.EVENHAND_OUTBOUND = box.url
        message = conversation.reply(ada, "To all three.", cc=[JOE, KIM], close=True)
        sending.send_all()
    return message


def report(message: Message, *groups: tuple[str, str, str], name: str = "1") -> Letter:
    """A delivery report in which each address has an action and a status."""
    about = "\n\n".join(
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {code}" for to, action, code in groups
    )
    original = token.message_id(message.conversation_id, message.pk, "desk.example")
    return arrive(
        f"From: MAILER-DAEMON@mx.example\nTo: {DESK}\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <{name}@mx.example>\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nSorry.\n\n--b\n'
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{about}\n\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{original}>\n\n--b--\n".encode()
    )


def marked() -> set[str]:
    return set(Address.objects.exclude(bounced_at=None).values_list("email", flat=True))


def told(message: Message) -> list[tuple[str, str]]:
    events = Event.objects.filter(what__in=("not delivered", "delayed", "partly delivered"), data__message=message.pk)
    return [(each.what, each.data.get("why") or ", ".join(each.data["refused"])) for each in events.order_by("pk")]


def test_everyone_that_a_report_names_is_said_and_marked(message):
    letter = report(message, (JOE, "failed", "5.1.1"), (MIRA, "failed", "5.2.1"), (KIM, "delayed", "4.4.7"))
    message.refresh_from_db()
    assert (letter.outcome, letter.message) == ("bounce", message)
    assert letter.reason == f"{JOE} 5.1.1, {MIRA} 5.2.1, {KIM} 4.4.7"
    assert message.failure == f"{MIRA} 5.2.1"
    assert told(message) == [
        ("not delivered", f"{MIRA} 5.2.1"),
        ("delayed", f"{KIM} 4.4.7"),
        ("partly delivered", f"{JOE} 5.1.1"),
    ]
    assert marked() == {MIRA, JOE}
    assert message.conversation.state == "open"


def test_an_answer_is_not_lost_because_a_copy_is(message):
    report(message, (JOE, "failed", "5.1.1"), (KIM, "failed", "5.1.1"), (MIRA, "delivered", "2.0.0"))
    message.refresh_from_db()
    assert message.failed_at is None
    assert message.conversation.state == "closed"
    assert told(message) == [("partly delivered", f"{JOE} 5.1.1, {KIM} 5.1.1")]
    assert marked() == {JOE, KIM}


def test_what_is_known_is_not_said_again(message):
    report(message, (JOE, "failed", "5.1.1"), (MIRA, "delayed", "4.4.1"))
    first = told(message)
    again = report(message, (JOE, "failed", "5.1.1"), (MIRA, "delayed", "4.4.1"))  # the same letter once more
    assert again.outcome == "duplicate"
    report(message, (JOE.upper(), "failed", "5.1.1"), (MIRA, "delayed", "4.4.1"), name="2")
    assert told(message) == first
    report(message, (JOE, "failed", "5.1.1"), (MIRA, "failed", "5.4.7"), (KIM, "failed", "5.1.1"), name="3")
    assert told(message)[len(first) :] == [("not delivered", f"{MIRA} 5.4.7"), ("partly delivered", f"{KIM} 5.1.1")]


def test_a_report_marks_nobody_whom_the_letter_did_not_go_to(message):
    report(message, ("other@else.example", "failed", "5.1.1"), (JOE, "failed", "5.1.1"))
    assert marked() == {JOE}


def test_whom_a_copy_did_not_reach_is_shown_at_the_desk(message, client, ada):
    client.force_login(ada)
    report(message, (JOE, "failed", "5.1.1"))
    page = client.get(f"/desk/c/{message.conversation_id}/").content.decode()
    assert f"An answer did not reach {JOE} 5.1.1" in page
