"""Reports of mail systems in words: whoever they say they are from, and what only looks like one."""

import pytest

from evenhand.channels.reading import read_letter

OURS = "desk@ours.example"


def read(sender: str, subject: str, text: str, headers: str = "") -> bytes:
    return f"From: {sender}\r\nTo: {OURS}\r\nSubject: {subject}\r\n{headers}\r\n{text}".encode()


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("E1_SMTP_Service@mx.example", "Returned Mail - Error During Delivery", "------ Failed Recipients ------\n\n<jane@x.example>: mailbox unavailable. [SMTP Error Code 550]"), ("gate@mx.example", "Mail could not be delivered", "****** Message from InterScan ******\n\nUnable to deliver to <jane@x.example>"),
        ("MAILER-DAEMON@mx.example", "", "I'm afraid I wasn't able to deliver the following message.\n\nTo: jane@x.example"), ("ndr@mx.example", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\njane@x.example"),
        ("Mail System <MAILER-DAEMON@mx.example>", "Your letter", f"Your message from {OURS} to jane@x.example could not be delivered."), ("AV_Gateways@mx.example", "Delivery failure notification", "Your message with Subject: hello\ncould not be delivered to the following recipients:\n\njane@x.example"),
        ("postmaster@mx.example", "失败", "您的邮件无法投递到 jane@x.example"), ("postmaster@mx.example", "Bericht", "Ihre Nachricht konnte nicht zugestellt werden: jane@x.example"),
    ],
)  # fmt: skip
def test_reports_in_words_name_who_was_not_reached(sender: str, subject: str, text: str) -> None:
    letter = read_letter(read(sender, subject, text))
    assert letter.bounce
    assert letter.bounce.address == "jane@x.example"
    assert letter.automatic


def test_a_report_with_an_empty_path_needs_no_known_sender() -> None:
    raw = read("<>", "", "You sent mail to jane@x.example. That's not a valid user here.", "Return-Path: <>\r\n")
    assert read_letter(raw).bounce


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("Jane <jane@x.example>", "Delivery failure", "My message to your sales team could not be delivered. Can you help?"), ("Jane <jane@x.example>", "Re: Undeliverable mail", "It was returned to you, I hear."),
        ("no-reply@box.example", "Re: Hello", "Please add yourself to my guest list, or your message will not be delivered."), ("Post Master <postmaster@x.example>", "Our new server", "Dear desk, we moved to a new server today."),
    ],
)  # fmt: skip
def test_what_only_speaks_of_delivery_is_no_report(sender: str, subject: str, text: str) -> None:
    assert read_letter(read(sender, subject, text)).bounce is None


@pytest.mark.parametrize(
    ("text", "permanent"),
    [
        ("This is a permanent error. jane@x.example: quota exceeded", True), ("jane@x.example: quota exceeded", False),
        ("Delivery to jane@x.example has been postponed due to a full mailbox.", False), ("jane@x.example: user unknown", True), ("jane@x.example could not be delivered yet: delivery attempts will continue.", False), ("<jane@x.example>: 552 5.2.2 mailbox full", True),
    ],
)  # fmt: skip
def test_what_passes_is_not_permanent(text: str, permanent: bool) -> None:
    letter = read_letter(read("MAILER-DAEMON@mx.example", "Delivery failure", text))
    assert letter.bounce
    assert letter.bounce.permanent is permanent


def test_a_delay_is_never_permanent_whatever_its_code() -> None:
    report = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; jane@x.example\r\nAction: delayed\r\nStatus: 5.0.0\r\n"
    raw = f"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n{report}\r\n--b--".encode()
    letter = read_letter(raw)
    assert letter.bounce
    assert not letter.bounce.permanent


def test_a_mailbox_within_the_mail_system_is_nobody_we_wrote_to() -> None:
    report = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nOriginal-Recipient: rfc822; jane@x.example\r\nFinal-Recipient: rfc822; jane@store\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = f"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n{report}\r\n--b--".encode()
    letter = read_letter(raw)
    assert letter.bounce
    assert letter.bounce.address == "jane@x.example"


def test_everyone_that_a_report_names_is_known_once_and_by_the_worst() -> None:
    about = (("a@x.example", "delayed", "4.4.1"), ("b@x.example", "failed", "5.1.1"), ("B@x.example", "delayed", "4.0.0"),
             ("c@x.example", "delivered", "2.0.0"), ("a@x.example", "failed", "5.4.7"))  # fmt: skip
    groups = "".join(
        f"Final-Recipient: rfc822;{to}\nAction: {action}\nStatus: {code}\n\n" for to, action, code in about
    )
    raw = f"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{groups}--b--\n"
    letter = read_letter(raw.encode())
    found = [(each.address, each.status, each.permanent) for each in letter.bounces]
    assert found == [("b@x.example", "5.1.1", True), ("a@x.example", "5.4.7", True)]
    assert letter.bounce == letter.bounces[0]


def test_a_report_in_words_names_several() -> None:
    raw = b"""From: Mail Delivery System <Mailer-Daemon@x.example>
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: jane@y.example, joe@y.example

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jane@y.example
    550 5.1.1 no such user
  joe@y.example
    550 5.2.1 closed
"""
    found = read_letter(raw).bounces
    assert [(each.address, each.status, each.permanent) for each in found] == [
        ("jane@y.example", "5.1.1", True),
        ("joe@y.example", "", True),
    ]
