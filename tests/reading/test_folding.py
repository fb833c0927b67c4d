"""Which words are new: the marks of mail programs in many languages, and texts that only look like them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.channels.reading import read_letter
from evenhand.channels.reading.folding import Folded, fold

OLD = "The old letter\nwas here."
NEW = "Hello, my answer is 42."
INTRODUCTIONS = """\
On Mon, Jan 4, 2016 at 7:03 PM, Neil <n@x.org> wrote:
On Mon, Jan 4, 2016 at 7:03 PM Neil via Support <n@x.org> wrote:
On Jan 4, 2016, at 7:03 PM, Neil <n@x.org> wrote:
Le lun. 4 janv. 2016 à 19:03, Neil <n@x.org> a écrit :
Le 4 janv. 2016 à 19:03, Neil <n@x.org> a écrit :
Am Mo., 4. Jan. 2016 um 19:03 Uhr schrieb Neil <n@x.org>:
Am 04.01.2016 um 19:03 schrieb Neil:
Am 4. Januar 2016 19:03:12 MEZ schrieb Neil <n@x.org>:
Neil <n@x.org> schrieb am Mo., 4. Jan. 2016, 19:03:
El lun, 4 ene 2016 a las 19:03, Neil (<n@x.org>) escribió:
El 4/1/16 a las 19:03, Neil escribió:
El 4 de enero de 2016, 19:03, Neil <n@x.org> escribió:
Em seg., 4 de jan. de 2016 às 19:03, Neil <n@x.org> escreveu:
Em 4 de janeiro de 2016 19:03, Neil <n@x.org> escreveu:
A seg, 4/01/2016, 19:03, Neil <n@x.org> escreveu:
Il giorno lun 4 gen 2016 alle ore 19:03 Neil <n@x.org> ha scritto:
Il 04/01/2016 19:03, Neil ha scritto:
Il giorno 04/gen/2016, alle ore 19:03, Neil <n@x.org> ha scritto:
Op ma 4 jan. 2016 om 19:03 schreef Neil <n@x.org>:
Op 4-1-2016 om 19:03 schreef Neil:
Den mån 4 jan. 2016 kl 19:03 skrev Neil <n@x.org>:
Den 4 januari 2016 19:03 skrev Neil <n@x.org>:
4 jan. 2016 kl. 19:03 skrev Neil <n@x.org>:
man. 4. jan. 2016 kl. 19:03 skrev Neil <n@x.org>:
Den man. 4. jan. 2016 kl. 19.03 skrev Neil <n@x.org>:
ma 4. tammik. 2016 klo 19.03 Neil (n@x.org) kirjoitti:
Neil kirjoitti 4.1.2016 klo 19.03:
pon., 4 sty 2016 o 19:03 Neil <n@x.org> napisał(a):
W dniu 4.01.2016 o 19:03, Neil pisze:
Dnia 4 stycznia 2016 19:03 Neil <n@x.org> napisał(a):
po 4. 1. 2016 v 19:03 odesílatel Neil <n@x.org> napsal:
Dne 4.1.2016 v 19:03 Neil napsal(a):
po 4. 1. 2016 o 19:03 Neil <n@x.org> napísal(a):
пн, 4 янв. 2016 г. в 19:03, Neil <n@x.org>:
4 января 2016 г., 19:03 пользователь Neil <n@x.org> написал:
04.01.2016 19:03, Neil пишет:
Понедельник, 4 января 2016, 19:03 +03:00 от Neil <n@x.org>:
пн, 4 січ. 2016 р. о 19:03 Neil <n@x.org> пише:
Neil <n@x.org> ezt írta (időpont: 2016. jan. 4., H, 19:03):
2016. 01. 04. 19:03 keltezéssel, Neil írta:
În lun., 4 ian. 2016 la 19:03, Neil <n@x.org> a scris:
Pe 04.01.2016 19:03, Neil a scris:
На пн, 4.01.2016 г. в 19:03 Neil <n@x.org> написа:
Στις Δευ, 4 Ιαν 2016 στις 7:03 μ.μ., ο χρήστης Neil <n@x.org> έγραψε:
Neil <n@x.org>, 4 Oca 2016 Pzt, 19:03 tarihinde şunu yazdı:
4.01.2016 19:03 tarihinde Neil yazdı:
Vào Th 2, 4 thg 1, 2016 vào lúc 19:03 Neil <n@x.org> đã viết:
Pada tanggal Sen, 4 Jan 2016 pukul 19.03 Neil <n@x.org> menulis:
เมื่อ จ. 4 ม.ค. 2016 เวลา 19:03 Neil <n@x.org> เขียนว่า:
Neil <n@x.org> 于2016年1月4日周一 下午7:03写道：
在 2016年1月4日，下午7:03，Neil <n@x.org> 写道：
在 2016/1/4 19:03, Neil 写道:
Neil <n@x.org> 於 2016年1月4日 週一 下午7:03寫道：
2016年1月4日(月) 19:03 Neil <n@x.org>:
2016年1月4日 19:03 Neil <n@x.org>:
2016/01/04 19:03、Neil <n@x.org>のメール:
On 2016/01/04 19:03, Neil wrote:
2016년 1월 4일 (월) 오후 7:03, Neil <n@x.org>님이 작성:
2016. 1. 4. 오후 7:03, Neil <n@x.org> 작성:
‫בתאריך יום ב׳, 4 בינו׳ 2016 ב-19:03 מאת ‪Neil‬‏ <‪n@x.org‬‏>:‬
في الاثنين، 4 يناير 2016 في 7:03 م تمت كتابة ما يلي بواسطة Neil <n@x.org>:
2016-01-04 19:03 GMT+01:00 Neil <n@x.org>:
Neil <n@x.org> wrote:
On 04/01/2016 19:03, Neil wrote:
---- On Mon, 04 Jan 2016 19:03:12 +0100 Neil <n@x.org> wrote ----
El dl., 4 gen. 2016, 19:03, Neil <n@x.org> va escriure:
Dana 4.1.2016. 19:03, Neil je napisao/la:
V V pon., 4. jan. 2016 ob 19:03 je oseba Neil <n@x.org> napisala:
Quoting Neil <n@x.org>:
At 19:03 04/01/2016, Neil wrote:
Neil Diamond wrote on 04/01/2016 19:03:
Neil schrieb am 04.01.2016 um 19:03:
Le lundi 4 janvier 2016 à 19:03:12 UTC+1, Neil <n@x.org> a écrit :
""".splitlines()
NO_INTRODUCTIONS = """\
I paid 200 on 4 January 2016 and you said:
On Monday at 10:30 I wrote:
Here are the 3 steps I took:
Please call me at 10:30. My address is n@x.org:
In 2016 the manual said: press the button
My account a@b.com shows this:
Order 2016-01-04 has these items:
The error on 2016-01-04 12:10:33 was this:
On 4 January 2016 the server printed:
Am 4. Januar 2016 kam diese Meldung:
From: 10 to 20
""".splitlines()
HEADER_BLOCKS = """\
From: A <a@x.example>|Sent: Monday, 4 January 2016 19:03|To: B|Subject: S
Von: A <a@x.example>|Gesendet: Montag, 4. Januar 2016 19:03|An: B|Betreff: S
De : A <a@x.example>|Envoyé : lundi 4 janvier 2016 19:03|À : B|Objet : S
De: A|Enviado el: lunes, 4 de enero de 2016 19:03|Para: B|Asunto: S
De: A|Enviada em: segunda-feira, 4 de janeiro de 2016 19:03|Para: B|Assunto: S
Da: A|Inviato: lunedì 4 gennaio 2016 19:03|A: B|Oggetto: S
Van: A|Verzonden: maandag 4 januari 2016 19:03|Aan: B|Onderwerp: S
Från: A|Skickat: den 4 januari 2016 19:03|Till: B|Ämne: S
Fra: A|Sendt: 4. januar 2016 19:03|Til: B|Emne: S
Lähettäjä: A|Lähetetty: 4. tammikuuta 2016 19:03|Vastaanottaja: B|Aihe: S
Od: A|Wysłano: 4 stycznia 2016 19:03|Do: B|Temat: S
Od: A|Odesláno: 4. ledna 2016 19:03|Komu: B|Předmět: S
От: A|Отправлено: 4 января 2016 г. 19:03|Кому: B|Тема: S
Від: A|Надіслано: 4 січня 2016 р. 19:03|Кому: B|Тема: S
Feladó: A|Elküldve: 2016. január 4. 19:03|Címzett: B|Tárgy: S
Από: A|Στάλθηκε: Δευτέρα, 4 Ιανουαρίου 2016|Προς: B|Θέμα: S
Kimden: A|Gönderildi: 4 Ocak 2016|Kime: B|Konu: S
发件人: A|发送时间: 2016年1月4日 19:03|收件人: B|主题: S
寄件者: A|寄件日期: 2016年1月4日|收件者: B|主旨: S
差出人: A|送信日時: 2016年1月4日 19:03|宛先: B|件名: S
보낸 사람: A|보낸 날짜: 2016년 1월 4일|받는 사람: B|제목: S
*From:* A|*Date:* 4 January 2016|*To:* B|*Subject:* S
מאת: A|נשלח: 4 ינואר 2016|אל: B|נושא: S
Nadawca: A|Data: 4 sty 2016|Adresat: B|Temat: S
Šalje: A|Datum: 4. siječnja 2016.|Prima: B|Naslov: S
Expeditorul: A|Data: 4 ian. 2016|Destinatarul: B|Subiectul: S
Daripada: A|Dihantar: 4 Januari 2016|Kepada: B|Subjek: S
Vono: A <a@x.example>|Gesendeto: 4-1-2016 19:03|Alo: B|Pri: S
""".splitlines()
DIVIDERS = """\
-----Original Message-----
-------- Ursprüngliche Nachricht --------
-----Message d'origine-----
----- Mensaje original -----
---------- Forwarded message ---------
Begin forwarded message:
---------- Пересылаемое сообщение ----------
------------------ 原始邮件 ------------------
----- Messaggio originale -----
-----Oorspronkelijk bericht-----
""".splitlines()
PROGRAM_LINES = [
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Get Outlook for iOS",
    "Отправлено с iPhone",
    "发自我的iPhone",
    "Verstuurd vanaf mijn iPhone",
]


@pytest.mark.parametrize("line", INTRODUCTIONS)
def test_introductions(line: str) -> None:
    folded = fold(f"{NEW}\n\n{line}\n\n{OLD}")
    assert (folded.reply, folded.quoted) == (NEW, f"{line.strip()}\n\n{OLD}" if line.strip() == line else folded.quoted)


@pytest.mark.parametrize("line", INTRODUCTIONS)
def test_an_answer_below_the_quote_is_kept(line: str) -> None:
    assert fold(f"{line}\n\n> old\n> words\n\n{NEW}").reply.strip() == NEW


@pytest.mark.parametrize("line", NO_INTRODUCTIONS)
def test_words_that_introduce_nothing(line: str) -> None:
    text = f"{NEW}\n\n{line}\n\nthe new text\nis here."
    assert fold(text).reply == text


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_header_blocks(block: str) -> None:
    assert fold(f"{NEW}\n\n________________________________\n{block.replace('|', chr(10))}\n\n{OLD}").reply == NEW


@pytest.mark.parametrize("line", DIVIDERS)
def test_dividers(line: str) -> None:
    folded = fold(f"{NEW}\n\n{line}\n\n{OLD}")
    assert folded.reply == NEW
    assert folded.forwarded == ("orward" in line or "Пересыл" in line)


@pytest.mark.parametrize("line", PROGRAM_LINES)
def test_lines_that_programs_add(line: str) -> None:
    assert fold(f"{NEW}\n\n{line}").reply == NEW
    assert fold(f"{line} was what I read\n\n{NEW}").reply.endswith(NEW)


@pytest.mark.parametrize(
    "form",
    [
        "From: Berlin\nTo: Paris\nDate: Friday",
        "Name: Jane Doe\nEmail: jane@x.example\nOrder: 1234\nDate: 4.1.2016 19:03",
        "From: Berlin\nTo: Paris\nDate: 4 May 2016\nSeats: 2",
    ],
)
def test_a_form_that_somebody_filled_in_is_no_quote(form: str) -> None:
    text = f"I should like to book this:\n\n{form}\n\nThank you."
    assert fold(text).reply == text


def test_answers_between_the_quotes_keep_their_questions() -> None:
    folded = fold("Hi,\n\nOn 4 Jan 2016 at 10:00 A <a@x.example> wrote:\n> one?\n\nYes.\n\n> two?\n\nNo.\n\n-- \nJane")
    assert folded.reply.split("\n\n") == ["Hi,", "> one?", "Yes.", "> two?", "No."] or "> one?" in folded.reply
    assert "wrote:" in folded.quoted
    assert "Jane" in folded.quoted


def test_a_signature_is_folded_and_a_long_text_below_a_rule_is_not() -> None:
    assert fold("words\n\n-- \nJane\nExample Ltd").reply == "words"
    long = "words\n\n-----\n" + "\n".join(f"line {n} of a log" for n in range(30))
    assert fold(long).reply == long
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert fold(f"see\n\n{table}").reply == f"see\n\n{table}"


def test_a_letter_of_quotes_alone_is_shown() -> None:
    assert fold("> only\n> quotes").reply == "> only\n> quotes"
    assert fold("-----Original Message-----\nFrom: a\nSent: b\nSubject: c\n\nwords").reply.endswith("words")


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(
        st.sampled_from(
            [
                *INTRODUCTIONS[:4],
                "> quoted",
                "words of mine",
                "",
                "-- ",
                "From: a",
                "Sent: b",
                "To: c",
                "Subject: d",
                "```",
                "_____",
                "Sent from my iPhone",
                "C> x",
                "C>",
                "| x",
            ]
        ),
        max_size=30,
    )
)
def test_no_line_is_ever_lost(lines: list[str]) -> None:
    folded = fold("\n".join(lines))
    assert sorted((folded.reply + "\n" + folded.quoted).split()) == sorted("\n".join(lines).split())
    assert folded.reply.strip() or not any(line.strip() for line in lines)


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, A wrote:</div><blockquote>old</blockquote></div>',
        '<blockquote type="cite"><div>On Mon, A wrote:</div>old</blockquote>',
        '<div class="moz-cite-prefix">On Mon, A wrote:</div><blockquote type="cite">old</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> A</div><div>old</div>',
        '<div id="appendonsend"></div><hr><div>old</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p><b>From:</b> A</p></div><p>old</p>',
        '<div class="yahoo_quoted">old</div>',
        '<div class="protonmail_quote">old</div>',
        '<div class="x_gmail_quote">old</div>',
        "<p>On Mon, 4 Jan 2016 at 10:00 A &lt;a@x.example&gt; wrote:</p><blockquote>old</blockquote>",
    ],
)
def test_quotes_in_pages(quote: str) -> None:
    letter = read_letter(
        b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + f"<html><body><p>{NEW}</p>{quote}</body></html>".encode()
    )
    assert letter.reply == NEW
    assert "old" in letter.quoted
    assert "old" in letter.html
    assert NEW in letter.html


def test_an_answer_inside_the_quote_of_a_page_is_kept() -> None:
    page = '<div class="gmail_quote"><div class="gmail_attr">On Mon, A wrote:</div><blockquote class="gmail_quote">one?</blockquote><div>Yes, my answer.</div></div>'
    letter = read_letter(b"Content-Type: text/html\r\n\r\n<div>Hi</div>" + page.encode())
    assert "Yes, my answer." in letter.reply
    assert "Yes, my answer." in letter.html_reply


def test_a_text_of_too_many_lines_loses_none() -> None:
    many = "\n".join(f"line {n}" for n in range(120_000))
    assert fold(many).reply == many
    quoted = fold(f"{NEW}\n\nOn 2016-01-04 19:03 Neil <n@x.org> wrote:\n\n{many}")
    assert quoted.reply == NEW
    assert quoted.quoted.endswith("line 119999")


def test_what_another_help_desk_writes_stands_below_its_line() -> None:
    text = "##- Please type your reply above this line -##\n\nYour request (4711) has been updated.\n\n--------------------\n\nJane, Nov 23, 2026, 09:00\n\nYour ladder has been sent.\n"
    assert fold(text) == Folded(text.strip(), "")
    answered = fold("It is broken again.\n\n" + text)
    assert answered.reply == "It is broken again."


@pytest.mark.parametrize(
    "line",
    [
        "  On Mon, Nov 23, 2026 at 9:00, Support<support@desk.example> wrote:   Did it work?  ",
        "  Am Mo., Nov. 23, 2026 at 9:00 schrieb Support<support@desk.example>:   Did it work?",
        "Le lun., nov. 23, 2026 à 9:00, Support <support@desk.example> a écrit :   Did it work?",
    ],
)
def test_a_quote_that_goes_on_in_the_line_of_its_introduction_is_folded(line: str) -> None:
    found = fold(f"It does.\n\nSent from Yahoo Mail on Android\n\n{line}\n\nAnd does it last?\n")
    assert found.reply == "It does."
    alone = "I wrote to you on 23.11.2026 <a@x.example> and you wrote:  no"
    assert fold(f"Hello.\n{alone}\nWhy?").reply == f"Hello.\n{alone}\nWhy?"
