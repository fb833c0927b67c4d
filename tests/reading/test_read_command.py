"""`evenhand mail read`: letters, mailbox files, Maildirs and pipes, one JSON line each."""

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.channels.reading import read_letter
from evenhand.command import main

LETTER = b"From: Jane <jane@example.com>\r\nTo: d@example.org\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100\r\nSubject: s\r\n\r\nwords\r\n"
KEYS = [
    "file",
    "from",
    "to",
    "cc",
    "reply_to",
    "subject",
    "date",
    "text",
    "reply",
    "quoted",
    "html",
    "attachments",
    "language",
    "automatic",
    "bounce",
    "authenticated",
    "problems",
]


def lines(*arguments: str, given_input: bytes = b"") -> list[dict]:
    result = CliRunner().invoke(main, ["mail", "read", "--json", *arguments], input=given_input)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_letter(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(LETTER.replace(b"\r\n\r\nwords", b"\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nwords"))
    (found,) = lines(str(file))
    assert list(found) == KEYS
    assert found["file"] == str(file)
    assert found["from"] == {"name": "Jane", "address": "jane@example.com"}
    assert found["date"] == "2024-01-01T10:00:00+01:00"
    assert found["attachments"] == [
        {
            "name": "a.pdf",
            "type": "application/pdf",
            "size": 7,
            "sha256": hashlib.sha256(b"words\r\n").hexdigest(),
            "inline": False,
        }
    ]
    assert (found["bounce"], found["authenticated"]) == (None, None)


def test_a_line_that_only_looks_like_the_next_letter(tmp_path: Path) -> None:
    inside = b"\nFrom x@y.example Mon Jan  4 19:03:04 2016\nTo: z@y.example\n"
    (tmp_path / "one.eml").write_bytes(b"From x Mon Jan  1\n" + LETTER + inside)
    assert [found["file"] for found in lines(str(tmp_path / "one.eml"))] == [str(tmp_path / "one.eml")]
    (tmp_path / "in.mbox").write_bytes(b"From x Mon Jan  1\n" + LETTER + b"\nFrom the start it was broken.\n")
    assert [found["text"].split("\n")[-1] for found in lines(str(tmp_path / "in.mbox"))] == [
        "From the start it was broken."
    ]


def test_a_folder_of_letters_with_other_names(tmp_path: Path) -> None:
    (tmp_path / "a.box").write_bytes(LETTER)
    (tmp_path / "b").write_bytes(b"From x Mon Jan  1\n" + LETTER)
    (tmp_path / "c.json").write_bytes(b"{}")
    assert len(lines(str(tmp_path))) == 2


def test_mailboxes_folders_and_pipes(tmp_path: Path) -> None:
    box = b"From x Mon Jan 1\n" + LETTER + b">From here on\n\nFrom y Mon Jan 1\n" + LETTER
    (tmp_path / "in.mbox").write_bytes(box)
    assert [found["file"] for found in lines(str(tmp_path / "in.mbox"))] == [
        f"{tmp_path / 'in.mbox'}#1",
        f"{tmp_path / 'in.mbox'}#2",
    ]
    assert lines(str(tmp_path / "in.mbox"))[0]["text"] == "words\nFrom here on"
    (tmp_path / "m" / "cur").mkdir(parents=True)
    (tmp_path / "m" / "new").mkdir()
    (tmp_path / "m" / "cur" / "1:2,S").write_bytes(LETTER)
    (tmp_path / "m" / "new" / "2").write_bytes(LETTER)
    assert len(lines(str(tmp_path / "m"))) == 2
    assert [found["file"] for found in lines("-", given_input=LETTER)] == ["-"]
    assert [found["file"] for found in lines("-", given_input=box)] == ["-#1", "-#2"]


def test_the_word_of_the_named_server(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\r\n" + LETTER
    )
    assert lines(str(tmp_path / "a.eml"), "--authserv-id", "mx.example.org")[0]["authenticated"] is True
    assert lines(str(tmp_path / "a.eml"), "--authserv-id", "other.example")[0]["authenticated"] is None


def test_clear_errors(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["mail", "read", str(tmp_path / "absent.eml")])
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
    assert CliRunner().invoke(main, ["mail", "read"]).exit_code == 2


def test_for_people(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(LETTER)
    result = CliRunner().invoke(main, ["mail", "read", str(tmp_path / "a.eml")])
    assert "From:    Jane <jane@example.com>" in result.stdout
    assert "words" in result.stdout


PIECES = [
    b"From: a@b.example",
    b"Subject: =?utf-8?q?x",
    b"Content-Type: multipart/mixed; boundary=b",
    b"Content-Type: text/html",
    b"Content-Type: message/rfc822",
    b"Content-Transfer-Encoding: base64",
    b"--b",
    b"--b--",
    b"",
    b" ",
    b"\xff\xfe\x00",
    b"begin 644 a",
    b"end",
    b"\r",
    b"<div class=gmail_quote>",
    b"Content-Type: application/ms-tnef",
    b"\x78\x9f\x3e\x22\x01\x00",
    b"Content-Type: application/pkcs7-mime",
    b"0\x80\x06\x09",
]


@settings(deadline=None)  # the machine may be busy
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=25).map(b"\n".join),
    )
)
def test_no_bytes_fail(raw: bytes) -> None:
    letter = read_letter(raw)
    assert "reading it failed" not in letter.text
    json.dumps(
        [
            letter.text,
            letter.subject,
            letter.html,
            letter.reply,
            letter.sender.name,
            [file.name for file in letter.attachments],
            letter.headers,
        ]
    )
    assert "\0" not in letter.text + letter.subject + letter.html
    letter.text.encode("utf-8")
    letter.subject.encode("utf-8")
