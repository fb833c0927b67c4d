"""Parts, charsets, file names, attachments."""

import base64

import pytest

from evenhand.channels.reading import read_letter

HEAD = b"From: a@example.com\r\nMIME-Version: 1.0\r\n"


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/"
        + kind
        + b"; boundary=b\r\n\r\n"
        + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
        + b"--b--\r\n"
    )


def text_in(charset: bytes, data: bytes) -> str:
    return read_letter(HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + data).text


@pytest.mark.parametrize(
    ("charset", "data", "expected"),
    [
        (b"utf-8", "naïve".encode(), "naïve"),
        (b"us-ascii", "naïve".encode(), "naïve"),
        (b"unknown-8bit", "naïve".encode(), "naïve"),
        (b"DEFAULT", "naïve".encode(), "naïve"),
        (b"iso-8859-1", b"\x93quoted\x94 \x80", "“quoted” €"),
        (b"utf-8", "naïve façade, déjà vu".encode("cp1252"), "naïve façade, déjà vu"),
        (b"gb2312", "镕".encode("gb18030"), "镕"),
        (b"ks_c_5601-1987", "똠방".encode("cp949"), "똠방"),
        (b"x-gbk", "中文".encode("gbk"), "中文"),
        (b"iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"),
        (b"shift_jis", "①髙".encode("cp932"), "①髙"),
        (b"iso-2022-jp", b"\x1b$B-!\x1b(B", "①"),  # NEC row 13
        (b"windows1251", "привет".encode("cp1251"), "привет"),
        (b'"utf-8"', "ä".encode(), "ä"),
        (b"punycode", b"abc-", "abc-"),
        (b"unicode_escape", b"\\x41", "\\x41"),
    ],
)
def test_charsets(charset: bytes, data: bytes, expected: str) -> None:
    assert text_in(charset, data) == expected


@pytest.mark.parametrize(
    ("charset", "subject"),
    [
        ("gb18030", "发票问题"), ("cp950", "測試郵件"), ("euc_jp", "返品希望の件"), ("cp932", "テストメール"), ("cp949", "환불 문의"), ("cp1251", "Добрый день"), ("koi8_r", "Добрый день"), ("cp1253", "Καλημέρα"), ("cp1255", "ההזמנה שלי"), ("cp1256", "مرحبا"),
        ("cp874", "สวัสดีครับ"), ("cp1252", "Größenänderung"), ("cp1252", "Déjà reçu"), ("cp1250", "Příliš žluťoučký kůň"), ("cp1254", "Siparişim gelmedi, teşekkürler"), ("cp1252", "é"), ("utf-8", "日本"),
    ],
)  # fmt: skip
def test_a_short_subject_in_no_declared_charset(charset: str, subject: str) -> None:
    letter = read_letter(b"From: a@example.com\r\nSubject: " + subject.encode(charset) + b"\r\n\r\nx")
    assert letter.subject == subject
    assert (
        read_letter(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + subject.encode(charset)).text == subject
    )


def test_the_page_of_related_parts_is_found_wherever_it_stands() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <p@x>\r\n\r\nX"
    page = b'Content-Type: text/html\r\nContent-ID: <root>\r\n\r\n<img src="cid:p@x">words'
    for start in (b"", b'; start="<root>"'):
        letter = read_letter(mixed(picture, page, kind=b"related" + start))
        assert letter.text == "words"
        assert [(file.type, file.inline) for file in letter.attachments] == [("image/png", True)]


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (b"", b"<html><body><p>words</p></body></html>", "words"), (b"Content-Type: text/plain\r\n", b"<html>words", "<html>words"), (b"Content-Transfer-Encoding: quoted_printable\r\n", b"a=20b", "a b"), (b"Content-Transfer-Encoding: Base-64\r\n", b"d29yZHM=", "words"),
        (b"Content-Type: text/html Content-Transfer-Encoding: 8bit\\r\\n\r\n", b"<p>words", "words"), (b"Content-Type: Text / HTML, x\r\n", b"<p>words", "words"),
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n", "naïve".encode(), "naïve"), (b"", b"\xef\xbb\xbfwords", "words"),
    ],
)  # fmt: skip
def test_what_the_headers_say_amiss(headers: bytes, body: bytes, text: str) -> None:
    assert read_letter(HEAD + headers + b"\r\n" + body).text == text
    marked = read_letter(b"\xef\xbb\xbf" + HEAD + headers + b"\r\n" + body)
    assert (marked.sender.address, marked.text) == ("a@example.com", text)


def test_undeclared_bytes_are_not_lost() -> None:
    words = "Добрый день, не могу войти в свой кабинет, помогите пожалуйста. Спасибо большое!"
    assert read_letter(HEAD + b"\r\n" + words.encode("koi8-r")).text == words


@pytest.mark.parametrize("declared", [b"; boundary=other", b""])
def test_a_multipart_with_the_wrong_boundary_is_read(declared: bytes) -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed"
        + declared
        + b"\r\n\r\n--bound\r\nContent-Type: text/plain\r\n\r\none\r\n"
    )
    assert read_letter(raw + b"--bound--").text == "one"
    named_elsewhere = HEAD + b"Content-Type: multipart/mixed; boundary=other\r\n\r\n"
    assert read_letter(named_elsewhere + b"--bound\r\nContent-Type: text/html\r\n\r\n<p>one</p>").text == "one"
    assert "-----" in read_letter(named_elsewhere + b"a\r\n-----\r\nb\r\n-----\r\nc").text


def test_a_multipart_within_another_of_the_same_boundary() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b\r\n"
    letter = read_letter(
        mixed(inner, b"Content-Type: text/plain\r\n\r\none", b"Content-Type: text/html\r\n\r\n<p>one</p>")
    )
    assert letter.text == "one"
    assert letter.html
    assert not letter.attachments


def test_words_without_the_empty_line_above_them() -> None:
    assert (
        read_letter(b"From: a@example.com\r\nSubject: S\r\n of two lines\r\nthe words\r\nof the letter").subject
        == "S of two lines"
    )
    assert (
        read_letter(b"From: a@example.com\r\nSubject: S\r\nthe words\r\nof the letter").text
        == "the words\nof the letter"
    )
    assert (
        read_letter(b"From: a@example.com\r\nSubject: S\r\nand more\r\nTo: b@example.com\r\n\r\nx").subject
        == "S and more"
    )
    assert read_letter(mixed(b"Content-Type: text/plain\r\nwords")).text == "words"


def test_a_multipart_without_boundary_is_text() -> None:
    letter = read_letter(HEAD + b"Content-Type: multipart/mixed\r\n\r\nsome words")
    assert letter.text == "some words"
    assert letter.problems
    assert read_letter(HEAD + b"Content-Type: multipart/mixed\r\n\r\n--x-1\r\n\r\nfound\r\n--x-1--\r\n").text == "found"


def test_a_multipart_of_unknown_kind_is_read() -> None:
    assert read_letter(mixed(b"\r\none", b"Content-Type: image/png\r\n\r\nx", kind=b"never-heard")).text == "one"


def test_similar_boundaries_are_told_apart() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n\r\nplain\r\n--bb--"
    letter = read_letter(mixed(inner, b"\r\nlast"))
    assert letter.text == "plain\nlast"


def test_a_letter_within_is_what_arrived() -> None:
    within = b"From:  b@example.com\r\nSubject: =?utf-8?q?a?=\r\n b\r\nX-Odd :y\r\n\r\nwords \r\n\r\n"
    letter = read_letter(mixed(b"\r\nsee below", b"Content-Type: message/rfc822\r\n\r\n" + within))
    assert letter.attachments[0].content == within
    assert letter.attachments[0].name == "a b.eml"
    assert read_letter(letter.attachments[0].content).sender.address == "b@example.com"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (b'Content-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
        (b"Content-Disposition: attachment; filename=a b.pdf", "a b.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.pdf", "naïve.pdf"),
        (b"Content-Disposition: attachment; filename*0*=utf-8''na%C3; filename*1*=%AFve; filename*2=.pdf", "naïve.pdf"),
        (b'Content-Disposition: attachment; filename="=?utf-8?q?na=C3=AFve.pdf?="', "naïve.pdf"),
        ("Content-Disposition: attachment; filename=naïve.pdf".encode(), "naïve.pdf"),
        (b'Content-Type: application/pdf; name="n.pdf"', "n.pdf"),
        (b'Content-Type: application/pdf name="n.pdf"', "n.pdf"),
        (b"Content-Type: application/pdf\r\nContent-ID: <part1.x@host>", "part1.x"),
        (b"Content-Type: application/pdf", "attachment-1.pdf"),
        (b'Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        (b'Content-Disposition: attachment; filename="C:\\\\TEMP\\\\x.doc"', "x.doc"),
        (b'Content-Disposition: attachment; filename=".htaccess"', "htaccess"),
        (b'Content-Disposition: attachment; filename="con.txt"', "_con.txt"),
        (b'Content-Disposition: attachment; filename="a\r\n b.txt"', "a b.txt"),
        ('Content-Disposition: attachment; filename="a\u202etxt.exe"'.encode(), "atxt.exe"),
        (b'Content-Disposition: attachment; filename="' + b"n" * 300 + b'.pdf"', "n" * 108 + "….pdf"),
        (b'Content-Disposition: attachment; filename=".."', "attachment-1.bin"),
    ],
)
def test_file_names(headers: bytes, name: str) -> None:
    if b"Content-Type" not in headers:
        headers += b"\r\nContent-Type: application/octet-stream"
    letter = read_letter(mixed(b"\r\nwords", headers + b"\r\n\r\ncontent"))
    assert [file.name for file in letter.attachments] == [name]
    assert letter.attachments[0].content == b"content"


@pytest.mark.parametrize(
    ("encoding", "data", "expected"),
    [
        (b"base64", base64.b64encode(b"hello there"), b"hello there"),
        (b"base64", b"aGVsbG8gdGhlcmU", b"hello there"),
        (b"base64", b"aGVs\r\n!bG8gdGhlcmU=\r\n", b"hello there"),
        (b"base64", b"aGVsbG8=\r\ndGhlcmU=\r\n", b"hellothere"),
        (b"base64", b"this is, plainly, no base64.", b"this is, plainly, no base64."),
        (b"quoted-printable", b"a=3Db=\r\nc=\xe4 =zz", b"a=bc=\xe4 =zz"),
        (b"x-uuencode", b"begin 644 x\r\n#86)C\r\n`\r\nend\r\n", b"abc"),
        (b"8bit", b"\xff\x00", b"\xff\x00"),
        (b"nonsense", b"x", b"x"),
    ],
)
def test_transfer_encodings(encoding: bytes, data: bytes, expected: bytes) -> None:
    part = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + data
    assert read_letter(mixed(b"\r\nwords", part)).attachments[0].content == expected


def test_a_uuencoded_file_in_the_text_is_a_file() -> None:
    letter = read_letter(HEAD + b"\r\nwords\r\nbegin 644 x.txt\r\n#86)C\r\n`\r\nend\r\nmore")
    assert letter.text.split() == ["words", "more"]
    assert (letter.attachments[0].name, letter.attachments[0].content) == ("x.txt", b"abc")


def test_flowed_text_is_joined() -> None:
    raw = HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\none \r\ntwo\r\n> quoted \r\n> on\r\n-- \r\nsignature"
    assert read_letter(raw).text == "one two\n> quoted on\n-- \nsignature"


def test_inline_pictures_are_known_by_their_identifier() -> None:
    page = b'Content-Type: text/html\r\n\r\n<p>see <img src="cid:pic@x"></p>'
    letter = read_letter(
        mixed(page, b"Content-Type: image/png; name=p.png\r\nContent-ID: <pic@x>\r\n\r\nPNG", kind=b"related")
    )
    assert [(file.name, file.inline, file.content_id) for file in letter.attachments] == [("p.png", True, "pic@x")]
    assert 'src="cid:pic@x"' in letter.html


def test_an_empty_plain_version_gives_way_to_the_page() -> None:
    letter = read_letter(
        mixed(
            b"Content-Type: text/plain\r\n\r\n \r\n",
            b"Content-Type: text/html\r\n\r\n<p>words</p>",
            kind=b"alternative",
        )
    )
    assert letter.text == "words"


def test_a_wide_letter_is_refused_and_kept() -> None:
    letter = read_letter(
        b"From: a@example.com\r\nSubject: s\r\nContent-Type: text/plain\r\n\r\n" + b"x" * (25 * 1024 * 1024 + 1)
    )
    assert "could not be displayed" in letter.text
    assert letter.sender.address == "a@example.com"
    assert letter.subject == "s"
    assert any("25 MB" in problem for problem in letter.problems)
