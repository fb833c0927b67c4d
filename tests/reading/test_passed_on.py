"""Letters passed on: what was passed on is what the reader is to see."""

import pytest

from evenhand.channels.reading import read_letter
from evenhand.channels.reading.folding import fold

INSIDE = "From: Neil Gray <neil@x.example>\nDate: Mon, 4 Jan 2016 19:03\nSubject: Broken lamp\nTo: Jo <jo@y.example>\n\nThe lamp is broken.\n"
LINES = """\
---------- Forwarded message ---------
Begin forwarded message:
> Begin forwarded message:
Anfang der weitergeleiteten E\u2011Mail:
Début du message transféré\u00a0:
-------- İletilen İleti --------
----- Перенаправлене повідомлення -----
Začátek přeposílané zprávy:
-------- Välitetty viesti / Fwd.Msg --------
開始轉寄郵件：
""".splitlines()


@pytest.mark.parametrize("line", LINES)
def test_the_line_above_it_is_known(line: str) -> None:
    mark = "> " if line.startswith(">") else ""
    assert fold(f"See below.\n\n{line}\n\n" + "".join(mark + each + "\n" for each in INSIDE.splitlines())).forwarded


@pytest.mark.parametrize(
    "subject", ["Fwd: Broken lamp", "FW: Broken lamp", "WG: Broken lamp", "TR : Broken lamp", "转发：Broken lamp"]
)
@pytest.mark.parametrize(
    "above", ["---------- Forwarded message ---------\n", "________________________________\n", "\n"]
)
def test_it_is_shown_whole(subject: str, above: str) -> None:
    letter = read_letter(f"From: jo@y.example\nSubject: {subject}\n\nSee below.\n\n{above}{INSIDE}".encode())
    assert letter.forwarded
    assert "The lamp is broken." in letter.reply
    assert letter.quoted == ""


def test_its_page_is_shown_whole() -> None:
    page = f'<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>{INSIDE.replace("<", "&lt;").replace(chr(10), "<br>")}</div></div>'
    letter = read_letter(f"From: jo@y.example\nSubject: Fwd: S\nContent-Type: text/html\n\n{page}".encode())
    assert "lamp is broken" in letter.html_reply
    assert "lamp is broken" in letter.reply
    assert letter.html_quoted == ""


@pytest.mark.parametrize("subject", ["Re: Fwd: Broken lamp", "Broken lamp", "VS: Broken lamp"])
def test_an_answer_to_it_is_folded(subject: str) -> None:
    letter = read_letter(f"From: jo@y.example\nSubject: {subject}\n\nThanks!\n\n{INSIDE}".encode())
    assert letter.reply == "Thanks!"
