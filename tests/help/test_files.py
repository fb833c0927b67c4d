"""Files of a form that came back stay with it, within limits, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evenhand.channels import beginning
from evenhand.conversations.models import Attachment, Conversation, HeldFile
from evenhand.web.help import files

from .test_ask import GIVEN, statements

pytestmark = pytest.mark.django_db


def picked(*names: str) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, name.encode()) for name in names]


def fields(answer) -> dict[str, object]:
    """The hidden fields and the ticked boxes that a browser would send again."""
    page = answer.content.decode()
    held = re.findall(r'name="held" value="(\d+)" checked', page)
    once = re.search(r'name="once" value="([^"]+)"', page)
    return {"once": once[1], "held": held} | ({"holds": "1"} if 'name="holds"' in page else {})


def failed(browser, *names: str, **other):
    """The form without an address, with files."""
    return browser.post("/ask", GIVEN | {"email": "", "files": picked(*names)} | other)


def names() -> list[str]:
    beginning.begin_all()
    return sorted(each.name for each in Conversation.objects.get().messages.get().attachments.all())


def test_they_are_chosen_once(browser):
    back = failed(browser, "plan.pdf", "log.txt")
    assert back.status_code == 422
    assert "plan.pdf" in back.content.decode()
    again = browser.post("/ask", GIVEN | {"wish": ""} | fields(back))
    assert again.status_code == 422
    assert browser.post("/ask", GIVEN | fields(again)).status_code == 200
    assert names() == ["log.txt", "plan.pdf"]
    assert {each.content() for each in Attachment.objects.all()} == {b"plan.pdf", b"log.txt"}
    assert not HeldFile.objects.exists()


def test_more_can_be_chosen_and_one_left_out(browser, django_capture_on_commit_callbacks):
    again = fields(failed(browser, "plan.pdf", "log.txt"))
    left = HeldFile.objects.get(name="log.txt")
    again["held"].remove(str(left.pk))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/ask", GIVEN | again | {"files": picked("other.txt")})
    assert names() == ["other.txt", "plan.pdf"]
    assert not default_storage.exists(left.stored_as)


def test_what_is_too_large_takes_no_other_with_it(browser, settings):
    settings.EVENHAND_LETTER_BYTES = 1000
    back = browser.post("/ask", GIVEN | {"files": [*picked("log.txt"), SimpleUploadedFile("film.mp4", b"x" * 2000)]})
    assert back.status_code == 413
    assert [each.name for each in HeldFile.objects.all()] == ["log.txt"]
    more = browser.post("/ask", GIVEN | fields(back) | {"files": [SimpleUploadedFile("big.bin", b"x" * 995)]})
    assert more.status_code == 413
    assert "“big.bin” is too large" in more.content.decode()
    assert browser.post("/ask", GIVEN | fields(more)).status_code == 200
    assert names() == ["log.txt"]


def test_nobody_else_has_them(browser):
    mine = fields(failed(browser, "secret.txt"))
    theirs = browser.post("/ask", GIVEN | {"email": "", "once": "another", "holds": "1", "held": mine["held"]})
    assert "secret.txt" not in theirs.content.decode()
    browser.post("/ask", GIVEN | {"once": "another", "holds": "1", "held": mine["held"]})
    assert names() == []
    assert HeldFile.objects.count() == 1


def test_they_are_forgotten_when_nobody_comes_back(browser, django_capture_on_commit_callbacks):
    failed(browser, "old.txt")
    failed(browser, "new.txt")
    old = HeldFile.objects.get(name="old.txt")
    HeldFile.objects.filter(pk=old.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert HeldFile.forget() == 1
    assert [each.name for each in HeldFile.objects.all()] == ["new.txt"]
    assert not default_storage.exists(old.stored_as)


def test_one_source_fills_no_disk(browser, monkeypatch):
    monkeypatch.setattr(files, "HELD_FROM_A_SOURCE", ((2, files.HOUR),))
    for _ in range(4):
        assert failed(browser, "a.txt").status_code == 422
    assert HeldFile.objects.count() == 2


def test_a_form_without_files_asks_nothing_about_them(browser):
    assert statements(lambda: browser.post("/ask", GIVEN | {"email": "mira"})) == []


def test_a_reply_keeps_its_files_too(browser, link, conversation):
    back = browser.post(f"/c/{link.token}/reply", {"text": "", "files": picked("shot.png")})
    assert back.status_code == 422
    assert "shot.png" in back.content.decode()
    browser.post(f"/c/{link.token}/reply", {"text": "Here it is."} | fields(back))
    message = conversation.messages.latest("pk")
    assert [each.name for each in message.attachments.all()] == ["shot.png"]
    assert not HeldFile.objects.exists()
