"""Letters that no person wrote: what may not be answered, who is away, what did not arrive."""

import pytest

from evenhand.channels.reading import Bounce, read_letter

PERSON = b"From: Jane <jane@example.com>\r\nReturn-Path: <jane@example.com>\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Auto-Submitted: auto-replied", b"Auto-Submitted: auto-generated; x=y", b"Precedence: bulk", b"Precedence: junk", b"Precedence: list", b"List-Id: News <news.example.com>", b"X-Autoreply: yes", b"X-Failed-Recipients: a@x.example",
        b"X-Auto-Response-Suppress: All", b"Subject: Automatic reply: your question", b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)  # fmt: skip
def test_nothing_automatic_may_answer(headers: bytes) -> None:
    letter = read_letter(PERSON + headers + b"\r\n\r\nx")
    assert letter.automatic
    assert letter.automatic_reason.endswith(".")


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@x.example",
        "postmaster@x.example",
        "no-reply@x.example",
        "noreply+tag@x.example",
        "do_not_reply@x.example",
        "donotreply@x.example",
        "orders-noreply@x.example",
        "bounces+1=a@x.example",
        "nicht-antworten@x.example",
    ],
)
def test_robots_by_their_name(sender: str) -> None:
    assert read_letter(f"From: {sender}\r\n\r\nx".encode()).automatic


def test_a_null_return_path() -> None:
    assert read_letter(b"Return-Path: <>\r\nFrom: jane@example.com\r\n\r\nx").automatic


@pytest.mark.parametrize(
    "headers",
    [
        b"Auto-Submitted: no",
        b"Precedence: first-class",
        b"Subject: Re: Automatic reply: your question",
        b"Subject: out of paper",
        b"X-Priority: 1",
    ],
)
def test_a_person_is_a_person(headers: bytes) -> None:
    letter = read_letter(PERSON + headers + b"\r\n\r\nI cannot log in, error 550 5.1.1 is shown.")
    assert not letter.automatic
    assert not letter.out_of_office
    assert letter.bounce is None


@pytest.mark.parametrize("local", ["reply", "norah", "bouncer.smith", "noreen", "daemon.jones", "nora.plyer"])
def test_names_that_only_begin_like_robots(local: str) -> None:
    assert not read_letter(f"From: {local}@example.com\r\n\r\nx".encode()).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: S", "Out of Office: S", "Automatische Antwort: S", "Abwesenheitsnotiz: S", "Réponse automatique : S", "Respuesta automática: S", "Resposta automática: S", "Risposta automatica: S", "Automatisch antwoord: S", "Autosvar: S",
        "Automatiskt svar: S", "Automaattinen vastaus: S", "Automatyczna odpowiedź: S", "Automatická odpověď: S", "Automatikus válasz: S", "Răspuns automat: S", "Автоматический ответ: S", "Автоответ: S", "Автоматична відповідь: S", "Αυτόματη απάντηση: S",
        "Otomatik Yanıt: S", "自动答复: S", "自動回覆: S", "自動応答: S", "자동 회신: S", "תשובה אוטומטית: S", "رد تلقائي: S", "Trả lời tự động: S", "ตอบกลับอัตโนมัติ: S", "Balasan otomatis: S",
    ],
)  # fmt: skip
def test_away_in_many_languages(subject: str) -> None:
    letter = read_letter(f"From: jane@example.com\r\nSubject: {subject}\r\n\r\nx".encode())
    assert letter.out_of_office
    assert letter.automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Jane Doe/ACME is out of the office.", "Jane Doe ist außer Haus", "Absence : S", "Frånvarande: S", "Szabadság: S", "Відпустка", "İzinde", "Vacation: S", "On vacation Re: S", "OOF: S", "Re: S (Automatic Response)", "[Auto-Reply] S", "休假中", "不在：S", "Sedang cuti", "Abwesenheitsassistent: S",
    ],
)  # fmt: skip
def test_words_that_people_use_too_say_away_alone_or_before_a_colon(subject: str) -> None:
    assert read_letter(f"From: jane@example.com\r\nSubject: {subject}\r\n\r\nx".encode()).out_of_office


@pytest.mark.parametrize(
    "subject",
    [
        "On vacation rentals and prices", "Poissa käytöstä", "Ausencia de factura", "On leave policy question", "Autosvarer virker ikke", "Abwesenheit melden - wie geht das?", "Automatic payment failed", "Away game tickets", "Vacation booking", "Re: Automatic reply: S",
        "Re: Re: S (Automatic Response)", "休暇申請について", "Отпускные не пришли",
    ],
)  # fmt: skip
def test_a_persons_subject_is_not_away(subject: str) -> None:
    letter = read_letter(f"From: jane@example.com\r\nSubject: {subject}\r\n\r\nx".encode())
    assert not letter.out_of_office
    assert not letter.automatic


def report(action: str = "failed", status: str = "5.1.1", extra: str = "") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nIt did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; jane@example.com\r\nAction: {action}\r\nStatus: {status}\r\n{extra}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: desk@example.org\r\nMessage-ID: <c.1.2.3@example.org>\r\n\r\nhello\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "bounce"),
    [
        (report(), Bounce("jane@example.com", "5.1.1", True, "c.1.2.3@example.org")), (report("delayed", "4.4.1"), Bounce("jane@example.com", "4.4.1", False, "c.1.2.3@example.org")),
        (report(status="5.0.0", extra="Diagnostic-Code: smtp; 552 5.2.2 full\r\n"), Bounce("jane@example.com", "5.2.2", True, "c.1.2.3@example.org")), (report("delivered", "2.0.0"), None), (report("relayed", "2.0.0"), None),
    ],
)  # fmt: skip
def test_delivery_reports(raw: bytes, bounce: Bounce | None) -> None:
    letter = read_letter(raw)
    assert letter.bounce == bounce
    assert letter.automatic


def test_reports_in_words() -> None:
    raw = b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nSubject: Mail delivery failed\r\n\r\nThe following address failed:\r\n\r\n  jane@example.com\r\n    550 5.1.1 no such user\r\n\r\nMessage-ID: <c.1.2.3@example.org>"
    assert read_letter(raw).bounce == Bounce("jane@example.com", "5.1.1", True, "c.1.2.3@example.org")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I cannot log in to my account since yesterday, please help me.", "en"), ("Ich kann mich seit gestern nicht mehr anmelden, bitte helfen Sie mir.", "de"), ("Je n'arrive plus à me connecter depuis hier, aidez-moi s'il vous plaît.", "fr"),
        ("No puedo entrar en mi cuenta desde ayer, por favor ayúdenme.", "es"), ("昨日からログインできません。助けてください。", "ja"), ("어제부터 로그인이 되지 않습니다.", "ko"), ("我从昨天开始无法登录我的账户，请帮帮我。", "zh"), ("С вчерашнего дня не могу войти в личный кабинет.", "ru"),
        ("ok", ""), ("", ""), ("12345 67890", ""),
    ],
)  # fmt: skip
def test_languages(text: str, language: str) -> None:
    assert read_letter(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()).language == language


def test_a_receipt_is_shown_whole() -> None:
    """The letter that it is about stands in it as a quoted one would."""
    about = "Your message\n\n   To: Kim\n   Subject: Ladder\n   Sent: Monday\n\nwas read on Monday."
    raw = f"From: kim@x.example\nSubject: Read: Ladder\nContent-Type: multipart/report; boundary=b\n\n--b\n\n{about}\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    letter = read_letter(raw.encode())
    assert (letter.reply, letter.quoted, letter.automatic) == (about, "", True)
