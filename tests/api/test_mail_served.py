"""A hook through the server that a desk runs: a letter of the limit in the encoding that swells it most, and one byte more."""

import base64
import json
import urllib.error
import urllib.request

import pytest

from evenhand.channels.models import Letter
from tests.browser import address  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 2_000_000
HEAD = b"From: mira@lumen.example\r\nTo: support@desk.example\r\nSubject: Hello\r\n\r\n"


@pytest.fixture(scope="module", autouse=True)
def environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENHAND_LETTER_BYTES", str(LIMIT))
        patch.setenv("EVENHAND_HOOK_SECRETS", "postmark:user:password")
        yield


def post(desk: str, data: bytes) -> int:
    signed = {
        "Authorization": "Basic " + base64.b64encode(b"user:password").decode(),
        "Content-Type": "application/json",
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{desk}/api/hooks/postmark", data, signed)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def said(raw: bytes) -> bytes:
    return json.dumps(
        {"From": "mira@lumen.example", "OriginalRecipient": "support@desk.example", "RawEmail": raw.decode()}
    ).encode()


def test_a_letter_of_the_limit_comes_through_and_a_larger_one_is_refused(address):  # noqa: F811
    raw = HEAD + "ж".encode() * ((LIMIT - len(HEAD)) // 2)
    raw += b"x" * (LIMIT - len(raw))
    assert len(said(raw)) > 2.9 * LIMIT
    assert post(address, said(raw)) == 200
    assert bytes(Letter.objects.get().raw) == raw
    assert post(address, said(raw + b"x")) == 413
    assert Letter.objects.get(outcome="rejected").size == LIMIT + 1
    assert post(address, b"x" * (5 * LIMIT + 2**20)) == 413
    assert Letter.objects.count() == 2
