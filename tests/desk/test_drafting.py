"""Files of a draft: on the server from when they are chosen until the answer has left."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from evenhand.conversations.models import Draft, DraftFile, Message

pytestmark = pytest.mark.django_db


def pdf(name="how to.pdf", content=b"%PDF-"):
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.fixture
def add(desk, talk):
    return lambda *files, kind="agent": desk.post(f"/desk/c/{talk.pk}/draft-files", {"kind": kind, "files": files})


def send(desk, talk, words="<p>See the file.</p>", **more):
    return desk.post(
        f"/desk/c/{talk.pk}/reply", {"words": words, "format": "html", "seen": talk.messages.last().pk, **more}
    )


def test_a_file_is_kept_when_it_is_chosen_and_shown_again(desk, talk, add):
    answer = add(pdf(), pdf("b.pdf"))
    assert answer.content.decode().count("<li") == 2
    page = desk.get(f"/desk/c/{talk.pk}/").content.decode()
    assert "how to.pdf" in page
    assert page.count('class="button quiet small drop"') == 2


def test_it_goes_with_the_answer(desk, talk, add):
    add(pdf())
    send(desk, talk, files=[pdf("late.pdf")])
    message = talk.messages.get(kind="agent")
    assert {each.name: each.content() for each in message.attachments.all()} == {
        "how to.pdf": b"%PDF-",
        "late.pdf": b"%PDF-",
    }
    assert not DraftFile.objects.exists()
    assert not Draft.objects.exists()


def test_a_file_without_words_is_an_answer(desk, talk, add):
    add(pdf())
    assert send(desk, talk, words="").status_code == 302
    assert talk.messages.get(kind="agent").attachments.count() == 1


def test_taking_an_answer_back_keeps_its_files(desk, talk, add):
    add(pdf())
    send(desk, talk)
    message = talk.messages.get(kind="agent")
    desk.post(f"/desk/m/{message.pk}/take-back")
    assert not Message.objects.filter(kind="agent").exists()
    assert [(each.name, each.content()) for each in DraftFile.objects.all()] == [("how to.pdf", b"%PDF-")]
    assert "how to.pdf" in desk.get(f"/desk/c/{talk.pk}/").content.decode()
    send(desk, talk)
    assert talk.messages.get(kind="agent").attachments.get().content() == b"%PDF-"


def test_nothing_is_lost_when_an_answer_is_refused(desk, talk, tomas, add):
    add(pdf())
    assert send(desk, talk, cc="no address", files=[pdf("second.pdf")]).status_code == 400
    talk.reply(tomas, "Quicker.")
    answer = send(desk, talk, seen="0", files=[pdf("third.pdf")])
    assert answer.status_code == 409
    assert sorted(DraftFile.objects.values_list("name", flat=True)) == ["how to.pdf", "second.pdf", "third.pdf"]
    assert "third.pdf" in answer.content.decode()
    assert Draft.objects.get().html == "<p>See the file.</p>"


def test_words_that_go_away_take_no_file_along(desk, talk, add):
    add(pdf())
    desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "agent", "words": "", "format": "html"})
    assert DraftFile.objects.count() == 1


def test_not_this_file(desk, talk, add):
    add(pdf())
    file = DraftFile.objects.get()
    name = file.stored_as
    assert default_storage.exists(name)
    answer = desk.post(f"/desk/draft-file/{file.pk}/drop", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content.strip()) == (200, b"")
    assert not DraftFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_dropped_is_gone_unless_a_message_has_it(desk, talk, noor, add):
    add(pdf())
    name = DraftFile.objects.get().stored_as
    desk.post(f"/desk/draft-file/{DraftFile.objects.get().pk}/drop")
    assert not default_storage.exists(name)
    add(pdf("kept.pdf", b"%PDF-kept"))
    send(desk, talk)
    sent = talk.messages.get(kind="agent").attachments.get()
    begun = Draft.of(talk.pk, noor, "agent")
    begun.take(sent.message)
    desk.post(f"/desk/draft-file/{begun.files.get().pk}/drop")
    assert sent.content() == b"%PDF-kept"


def test_too_many_or_too_large_is_said(desk, add, settings):
    settings.EVENHAND_LETTER_BYTES = 2**20
    assert add(pdf(content=b"x" * 700_000)).status_code == 200
    assert "All files together may have 1 MB" in add(pdf(content=b"x" * 700_000)).content.decode()
    assert DraftFile.objects.count() == 1


def test_a_colleague_neither_sees_nor_drops_it(client, tomas, talk, add):
    add(pdf())
    client.force_login(tomas)
    assert b"how to.pdf" not in client.get(f"/desk/c/{talk.pk}/").content
    assert client.post(f"/desk/draft-file/{DraftFile.objects.get().pk}/drop").status_code == 404


def test_in_the_browser(visit, noor, talk, tmp_path):
    (tmp_path / "screen.png").write_bytes(b"png")
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.locator("#reply-pane input[name=files]").set_input_files(tmp_path / "screen.png")
    file = page.locator(".draft-files li", has_text="screen.png")
    file.wait_for()
    page.reload()
    file.wait_for()
    page.get_by_role("button", name="Remove screen.png").click()
    file.wait_for(state="detached")
