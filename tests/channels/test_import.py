"""`evenhand mail import`: letters from files, by the path that SMTP takes."""

import orjson
import pytest
from click.testing import CliRunner

from evenhand.channels.importing import recipients, take_in
from evenhand.channels.models import Letter, Mailbox
from evenhand.command import mail as command
from evenhand.people.models import Team
from tests.reading import outlook_file

from .post import DESK, write

pytestmark = pytest.mark.django_db
KEYS = ["file", "outcome", "conversation", "message", "reason"]


@pytest.fixture
def run(monkeypatch, mailbox):
    monkeypatch.setattr(command, "open_desk", lambda: None)

    def run(*arguments: str, given: bytes = b""):
        result = CliRunner().invoke(command.mail, ["import", *arguments], input=given)
        return result, [orjson.loads(line) for line in result.stdout.splitlines()]

    return run


def test_a_line_for_each_letter(run, tmp_path):
    raw = write("Hello")
    for name, content in {"a.eml": raw, "b.eml": raw, "c.eml": write(sender=""), "d.eml": b"\n"}.items():
        (tmp_path / name).write_bytes(content)
    result, rows = run(str(tmp_path))
    letter = Letter.objects.order_by("pk").first()
    assert result.exit_code == 0
    assert [list(row) for row in rows] == [KEYS] * 4
    assert [row["outcome"] for row in rows] == ["stored", "duplicate", "quarantined", "rejected"]
    assert rows[0] == {
        "file": str(tmp_path / "a.eml"), "outcome": "stored", "conversation": letter.conversation_id,
        "message": letter.message_id, "reason": "",
    }  # fmt: skip
    assert rows[1]["conversation"] == letter.conversation_id
    assert (rows[3]["conversation"], rows[3]["reason"]) == (None, "It is empty.")
    assert Letter.objects.filter(via="import").count() == 3


def test_an_mbox_and_standard_input(run, tmp_path):
    letters = [write(f"Letter {number}\n\nFrom me") for number in range(3)]
    mbox = b"".join(
        b"From x@y Mon Jan  1 00:00:00 2024\n" + each.replace(b"\nFrom me", b"\n>From me") + b"\n" for each in letters
    )
    (tmp_path / "box").write_bytes(mbox)
    assert [row["outcome"] for row in run(str(tmp_path / "box"))[1]] == ["stored"] * 3
    assert Letter.objects.first().message.text.strip() == "Letter 0\n\nFrom me"
    _, rows = run("-", given=write("Piped"))
    assert [(row["file"], row["outcome"]) for row in rows] == [("-", "stored")]


def test_a_maildir(run, tmp_path):
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"1.{folder}").write_bytes(write(f"In {folder}"))
    assert len(run(str(tmp_path))[1]) == 2


def test_what_does_not_exist_is_said(run, tmp_path):
    result, _ = run(str(tmp_path / "nothing"))
    assert result.exit_code == 1
    assert "nothing cannot be read: No such file or directory." in result.output


def test_the_recipients_in_the_header_choose_the_mailbox(run, tmp_path):
    billing = Mailbox.objects.create(address="billing@desk.example", name="B", team=Team.objects.create(name="B"))
    (tmp_path / "a.eml").write_bytes(write(cc="Billing <billing@desk.example>", to="x@else.example"))
    run(str(tmp_path))
    assert Letter.objects.get().mailbox == billing
    folded = b"To: a@x.example,\r\n\t<b@y.example>\r\nSubject: c@z.example\r\nDelivered-To: d@x.example\r\n\r\nCc: e@x.example"
    assert recipients(folded) == ("a@x.example", "b@y.example", "d@x.example")


def test_import_and_smtp_know_each_others_letters(mailbox, tmp_path):
    raw = write()
    Letter.keep(raw, "smtp", envelope_to=(DESK,))
    from evenhand.channels import reader

    reader.read_all()
    (tmp_path / "a.eml").write_bytes(raw)
    assert [row["outcome"] for row in take_in(str(tmp_path / "a.eml"))] == ["duplicate"]


def test_letters_that_outlook_saved_are_taken_in(run, tmp_path):
    saved = outlook_file.letter(
        people=[outlook_file.recipient("Desk", DESK)],
        p0037="Ladder",
        p0c1a="Kim",
        p5d01="kim@x.example",
        p1000="Where?",
    )
    (tmp_path / "ladder.msg").write_bytes(outlook_file.compound(saved))
    (tmp_path / "broken.msg").write_bytes(outlook_file.compound({"x": b""}))
    result, _ = run(str(tmp_path))
    assert result.exit_code == 0
    broken, kept = Letter.objects.order_by("size")
    assert (kept.outcome, kept.sender, kept.message.text) == ("stored", "kim@x.example", "Where?")
    assert kept.envelope_to == [DESK]
    assert broken.outcome == "quarantined"
