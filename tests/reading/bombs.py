"""Letters made to hurt a reader: the parser and folding lines of the list of attacks, and some more of their kind."""

HEAD = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: bomb\r\nMIME-Version: 1.0\r\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def nested_multiparts(depth: int = 3_000) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD + opened + b"\r\nwords\r\n" + b"".join(b"--b%d--\r\n" % n for n in reversed(range(depth)))


def nested_letters(depth: int = 3_000) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"words\r\n"


def many_parts(count: int = 20_000) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def boundary_like_lines() -> bytes:
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + b"--b x\r\n" * 300_000 + b"--b--\r\n"
    )


# More than the desk takes of each, so that each is past its limit or costs its most.
PARSER = {
    "3,000 nested multiparts": nested_multiparts(),
    "3,000 nested letters": nested_letters(),
    "20,000 parts": many_parts(),
    "300,000 lines like a boundary": boundary_like_lines(),
    "100,000 header lines": HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nwords",
    "100,000 lines of one header": HEAD + b"X-A: b\r\n" + b" c\r\n" * 100_000 + b"\r\nwords",
    "To with 20,000 addresses": b"From: a@example.com\r\nTo: "
    + b", ".join(b"u%d@example.com" % n for n in range(20_000))
    + b"\r\n\r\nwords",
    "To with 3,000 short addresses": b"From: a@example.com\r\nTo: "
    + b",".join(b"<u%d@e.com>" % n for n in range(3_000))
    + b"\r\n\r\nwords",
    "From of 20,000 quotes": b"From: " + b'"' * 20_000 + b" <a@example.com>\r\n\r\nwords",
    "From of 50,000 brackets": b"From: " + b"(" * 50_000 + b" a@example.com\r\n\r\nwords",
    "From of 50,000 angles": b"From: " + b"<" * 50_000 + b"a@example.com>\r\n\r\nwords",
    "From of 60,000 spaces": b"From: a" + b" " * 60_000 + b"@example.com\r\n\r\nwords",
    "From of 60,000 letters": b"From: " + b"a" * 60_000 + b"\r\n\r\nwords",
    "From of 30,000 dots": b"From: a@" + b"a." * 30_000 + b"com\r\n\r\nwords",
    "Message-ID of 50,000 angles": HEAD + b"Message-ID: " + b"<" * 50_000 + b"\r\n\r\nwords",
    "References of 20,000 angles": HEAD + b"References: " + b"<a@b> " * 10_000 + b"\r\n\r\nwords",
    "5,000 continuations of a parameter": HEAD
    + b"Content-Type: text/plain;"
    + b"".join(b" n*%d=a;" % n for n in range(5_000))
    + b"\r\n\r\nwords",
    "60,000 letters of a parameter": HEAD + b"Content-Type: text/plain;" + b"a" * 60_000 + b"\r\n\r\nwords",
    "60,000 spaces in a type": HEAD + b"Content-Type: text/plain" + b" " * 60_000 + b"x\r\n\r\nwords",
    "20,000 open encoded words": HEAD + b"Subject: " + b"=?a?q?" * 10_000 + b"\r\n\r\nwords",
    "5,000 encoded words": b"From: a@example.com\r\nSubject: " + b"=?utf-8?q?a?= " * 4_500 + b"\r\n\r\nwords",
    "5,000 encoded words of many charsets": b"From: a@example.com\r\nSubject: "
    + b"".join(b"=?cp%d?q?=E4?= " % n for n in range(3_500))
    + b"\r\n\r\nwords",
    "24 MB of base64": HEAD
    + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"QUFB" * 6_000_000,
    "24 MB of quoted-printable": HEAD
    + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=41=\r\n" * 4_000_000,
    "26 MB": PLAIN + b"x" * 26 * 1024 * 1024,
    "24 MB of one letter": PLAIN + b"a" * 24 * 1024 * 1024,
    "24 MB of bytes that are no UTF-8": PLAIN + b"\xff\xe4a " * 6 * 1024 * 1024,
    "10 MB of uuencode begins": PLAIN + b"begin 644 a\n" * 800_000 + b"end",
    "9 MB of yEnc begins": PLAIN + b"=yend\n" + b"=ybegin line=1 size=1 name=a\n" * 300_000,
    "24 MB without an empty line": HEAD + b"x\r\n" * 8 * 1024 * 1024,
    "24 MB of lines like another boundary": HEAD
    + b"Content-Type: multipart/mixed; boundary=other\r\n\r\n"
    + b"".join(b"--a%d\r\nContent-\r\n" % n for n in range(300))
    + b"--a\r\n" * 4 * 1024 * 1024,
    "From of a quote that never closes": b"From: " + b'"' + b"a\\" * 20_000 + b" <a@example.com>\r\n\r\nwords",
    "480 headers in no charset": HEAD
    + b"".join(b"X-%d: " % n + "Здравствуйте ".encode("koi8-r") * 40 + b"\r\n" for n in range(480))
    + b"\r\nwords",
    "a page of 59,000 paragraphs passed on": HTML.replace(b"bomb", b"Fwd: bomb")
    + b"<p>x" * 30_000
    + b"<p>From: a<br>Sent: b<br>Subject: c"
    + b"<p>y" * 28_000,
    "a page of 59,000 paragraphs answered": HTML
    + b"<p>x" * 700
    + b"<p>From: a<br>Sent: b<br>To: d<br>Subject: c"
    + b"<p>y" * 57_000,
    "2 MB of flowed lines": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 500_000,
    "NUL bytes": b"\0" * 100_000,
    "nothing": b"",
    "carriage returns": b"\r" * 100_000,
    "line ends": b"\r\n" * 100_000,
    "colons": b":" * 100_000,
    "5,001 links": HTML + b'<a href="http://example.com/">x</a>' * 5_001,
    "20,000 nested tags": HTML + b"<div>" * 20_000,
    "20,000 nested tables": HTML + b"<table><tr><td>" * 20_000,
    "20,000 nested bold": HTML + b"<b>" * 20_000,
    "20,000 nested fonts and paragraphs": HTML + b"<p><font><b>" * 20_000,
    "20,000 attributes": HTML + b"<p " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b">x",
    "20,000 style declarations": HTML + b'<p style="' + b"color:red;" * 20_000 + b'">x',
    "100,000 open angles": HTML + b"<" * 100_000,
    "100,000 open comments": HTML + b"<!--" * 100_000,
    "100,000 entities": HTML + b"&amp;" * 100_000,
    "1,300,000 half entities": HTML + b"&#x" * 1_300_000,
    "190,000 entities": HTML + b"&" * 190_000 + b"<p>" + b"x" * 300_000,
    "24,000 entities in 4 MB": HTML + (b"x" * 168 + b"&amp;") * 23_800,
    "2,000 rules over 2,000 elements": HTML
    + b"<style>"
    + b"".join(b".a%d p~p{margin:%dpx}" % (n, n) for n in range(2_000))
    + b"</style>"
    + b"<p class=a1>x</p>" * 2_000,
    "a long rule over 20,000 elements": HTML + b"<style>p{" + b"margin:1px;" * 20_000 + b"}</style>" + b"<p>x" * 20_000,
    "59,000 paragraphs": HTML + b"<p>x" * 59_000,
    "500 nested blockquotes": HTML + b"<blockquote>x" * 500,
    "900 nested lists": HTML + b"<ul><li>x" * 450,
}
FOLDING = {
    "On a, 20,000 times": "On a " * 20_000,
    "On a, 20,000 lines": "On a \n" * 20_000,
    "From: a, 11,000 lines": "From: a\n" * 11_000,
    "100,000 line ends": "\n" * 100_000,
    "wrote, 20,000 times": "wrote " * 20_000 + ":",
    "introductions": "On 2016-01-01 10:10 a wrote:\n> a\nb\n" * 6_000,
    "introductions and quotes": "On 2016-01-01 10:10 a wrote:\n> a\n" * 6_000,
    "half introductions": "On 1 Jan <a@b> \n" * 20_000,
    "signatures": "a\n--\n" * 10_000,
    "rules": "_" * 200 + "x\n" + ("_" * 199 + "x\n") * 500,
    "initials": "C> a\n" * 30_000,
    "bars": "On 2016-01-01 10:10 a wrote:\n| a\n" * 9_000,
    "dashes": "-" * 100_000,
    "digits": ("1" * 390 + "@\n") * 250,
    "addresses": "1 a@b " * 16_000,
    "dates": ("12 abcdef " * 40 + "\n") * 250,
    "labels": "From: a\nx\nx\n" * 8_000,
    "armour": "-----BEGIN PGP SIGNATURE-----\n" * 30_000,
    "signed and signed": "-----BEGIN PGP SIGNED MESSAGE-----\nHash: a\n\na\n" * 10_000,
    "labels of no language": "Vono: <a@b>\nDe: 1.1.2001 1:11\n" * 6_000,
    "introductions of no language": "q <a@b.c> 1.1.2001 1:11:\nx\n" * 6_000,
    "introductions and quotes of no language": "q <a@b.c> 1.1.2001 1:11:\n> x\n" * 6_000,
    "rules and words": "a\n____\n" * 10_000,
    "rules of dashes": "a\n——\n" * 10_000,
    "wrote between dashes": "-- a wrote --\n" * 10_000,
    "spaces": (" " * 200 + "\n") * 500,
}
