"""Pictures among an agent's words, in the letter: beside the words they belong to, named by a Content-ID, from nowhere else."""

import json
import re

import pytest

from evenhand.channels import sending
from evenhand.channels.reading import read_letter
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Draft
from tests.pictures import picture

from .post import arrive, write
from .test_provider import POSTMARK_OK, api

pytestmark = pytest.mark.django_db


def answer(ada, conversation, files=()):
    """An answer with two pictures among its words."""
    begun = Draft.of(conversation.pk, ada, "agent")
    one, two = begun.hold([Upload(name, "image/png", picture(), inline=True) for name in ("a.png", "b.png")])
    begun.hold(files)
    html = f'<p>Press <img src="cid:{one.key}" alt="the button" width="640" height="160">, then <img src="cid:{two.key}">.</p>'
    message = conversation.reply(ada, "Press [image: the button], then [image].", html=html)
    begun.become(message)
    return message, [one.key, two.key]


@pytest.fixture
def conversation(mailbox):
    return arrive(write()).conversation


def test_the_letter_carries_them_beside_the_words(conversation, ada, box):
    _, keys = answer(ada, conversation, [Upload("how to.pdf", "application/pdf", b"%PDF-")])
    sending.send_all()
    letter = box.mail()[-1]
    mixed = [part.get_content_type() for part in letter.iter_parts()]
    assert (letter.get_content_type(), mixed) == ("multipart/mixed", ["multipart/alternative", "application/pdf"])
    plain, related = letter.get_payload(0).get_payload()
    assert (plain.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    assert "Press [image: the button], then [image]." in plain.get_content()
    page, *pictures = related.get_payload()
    assert [part["Content-ID"] for part in pictures] == [f"<{key}@desk.example>" for key in keys]
    assert {part.get_content_disposition() for part in pictures} == {"inline"}
    assert {part.get_content_type() for part in pictures} == {"image/png"}
    assert {part.get_payload(decode=True) for part in pictures} == {picture()}
    shown = re.findall(r'<img[^>]*src="([^"]*)"', page.get_content())
    assert shown == [f"cid:{key}@desk.example" for key in keys]
    assert 'width="640" height="160"' in page.get_content()


def test_the_adapter_gives_them_back(conversation, ada, box):
    answer(ada, conversation)
    sending.send_all()
    read = read_letter(box.letters[-1])
    assert [(each.name, each.type, each.inline, each.content) for each in read.attachments] == [
        (name, "image/png", True, picture()) for name in ("a.png", "b.png")
    ]
    ids = {each.content_id.strip("<>") for each in read.attachments}
    assert set(re.findall(r'src="cid:([^"]*)"', read.html)) == ids
    assert read.problems == ()


def test_a_later_letter_quotes_the_words_and_not_the_picture(conversation, ada, box):
    answer(ada, conversation)
    sending.send_all()
    arrive(write("It works now.", In_Reply_To=str(box.mail()[-1]["Message-ID"])))
    conversation.reply(ada, "Good.")
    sending.send_all()
    letter = box.mail()[-1]
    assert "> Press [image: the button], then [image]." in letter.get_body(("plain",)).get_content()
    assert "Press [image: the button]" in letter.get_body(("html",)).get_content()
    assert b"Content-ID" not in box.letters[-1]


def test_a_provider_is_given_them_as_what_they_are(conversation, ada, settings):
    settings.EVENHAND_OUTBOUND = ""
    sending.send_all()
    answer(ada, conversation)
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"postmark://token@?api={server.url}/"
        server.answers = [(200, POSTMARK_OK)]
        sending.send_all()
        given = json.loads(server.calls[-1][2])
    keys = [each["ContentID"] for each in given["Attachments"]]
    assert all(key.startswith("cid:") and key.endswith("@desk.example") for key in keys)
    assert [each["Name"] for each in given["Attachments"]] == ["a.png", "b.png"]
    assert all(f'src="{key}"' in given["HtmlBody"] for key in keys)
