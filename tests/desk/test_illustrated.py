"""Pictures among an agent's words: kept when they are put there, shown to whoever may read them, and sent once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from evenhand.conversations.models import Attachment, Draft, DraftFile, Message
from evenhand.web.desk.prose import Prose
from tests.pictures import photograph, picture

pytestmark = pytest.mark.django_db
KEY = "k" * 43


@pytest.fixture
def add(desk, talk):
    def given(content=None, name="screen.png", kind="agent", to=desk):
        file = SimpleUploadedFile(name, picture() if content is None else content, "image/png")
        return to.post(f"/desk/c/{talk.pk}/draft-picture", {"kind": kind, "picture": file})

    return given


def send(desk, talk, words, kind="reply", **more):
    given = {"words": words, "format": "html", "seen": talk.messages.last().pk, **more}
    return desk.post(f"/desk/c/{talk.pk}/{kind}", given)


def sent(talk, kind="agent") -> Message:
    return talk.messages.filter(kind=kind).latest("pk")


def test_it_is_kept_drawn_anew_and_shown(desk, add):
    answer = add(photograph(), "beach.jpeg")
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["width"], shown["height"]) == (200, 400)
    file = DraftFile.objects.get()
    assert (file.name, file.type) == ("beach.jpg", "image/jpeg")
    page = desk.get(shown["src"])
    assert page["Content-Type"] == "image/jpeg"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in page["Content-Security-Policy"]
    assert page.content == file.content()
    assert b"SECRET" not in page.content


def test_it_goes_with_the_words_and_stands_where_it_stood(desk, talk, add):
    shown = add().json()
    send(desk, talk, f'<p>Press <img src="{shown["src"]}" alt="the green button" width="640" height="160"> here.</p>')
    message = sent(talk)
    key = message.attachments.get().key
    assert message.html == f'<p>Press <img src="cid:{key}" alt="the green button" width="640" height="160"> here.</p>'
    assert message.text == "Press [image: the green button] here."
    assert (message.attachments.get().inline, message.attachments.get().content_id) == (True, key)
    page = desk.get(f"/desk/c/{talk.pk}/").content.decode()
    assert f'src="{shown["src"]}"' in page
    assert "screen.png" not in page  # it is no file beside the words
    assert desk.get(shown["src"]).status_code == 200
    assert not DraftFile.objects.exists()


def test_a_picture_alone_is_an_answer_and_one_that_was_taken_out_is_none(desk, talk, add):
    shown, gone = add().json(), add().json()
    assert send(desk, talk, "<p></p>").status_code == 400
    shown, gone = add().json(), add().json()
    assert send(desk, talk, f'<p><img src="{shown["src"]}"></p>').status_code == 302
    assert sent(talk).text == "[image]"
    assert sent(talk).attachments.count() == 1
    assert desk.get(gone["src"]).status_code == 404


def test_a_draft_keeps_it_and_taking_back_brings_it_back(desk, talk, add):
    shown = add().json()
    words = f'<p>Here: <img src="{shown["src"]}"></p>'
    desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "agent", "words": words, "format": "html"})
    assert f"&lt;img src=&#34;{shown['src']}&#34;" in desk.get(f"/desk/c/{talk.pk}/").content.decode()
    send(desk, talk, words)
    desk.post(f"/desk/m/{sent(talk).pk}/take-back")
    assert not Attachment.objects.filter(inline=True).exists()
    assert Draft.objects.get().html == f'<p>Here: <img src="cid:{DraftFile.objects.get().key}"></p>'
    assert desk.get(shown["src"]).status_code == 200
    send(desk, talk, words)
    assert sent(talk).attachments.get().key in sent(talk).html


def test_a_note_shows_it_to_colleagues_alone(desk, client, tomas, stranger, talk, add):
    shown = add(kind="note").json()
    client.force_login(tomas)
    assert client.get(shown["src"]).status_code == 404  # not yet: it is a draft
    client.force_login(talk.team.agents.get(name="Noor Haddad"))
    send(desk, talk, f'<p><img src="{shown["src"]}"></p>', "note")
    client.force_login(tomas)
    assert shown["src"] in client.get(f"/desk/c/{talk.pk}/").content.decode()
    assert client.get(shown["src"]).status_code == 200
    client.force_login(stranger)
    assert client.get(shown["src"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "no picture"), (b"%PDF-", 415, "no picture"),
     (b"x" * 2**20, 413, "too large")],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_a_sentence_and_nothing_begins(desk, add, settings, content, status, says):
    settings.EVENHAND_LETTER_BYTES = 2**20 - 1
    answer = add(content)
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert not Draft.objects.exists()


def test_pictures_and_files_share_the_room(desk, talk, add, settings):
    settings.EVENHAND_LETTER_BYTES = 2 * len(picture())
    assert [add().status_code for _ in range(2)].count(201) >= 1
    while (answer := add()).status_code == 201:
        pass
    assert "All files together may have" in answer.content.decode()


def test_nothing_from_elsewhere_is_shown_or_sent(desk, talk, add):
    shown = add().json()
    words = (
        f'<p>a<img src="https://tracker.example/x.png"><img src="data:image/png;base64,AAAA"><img src="cid:{KEY}"><img src="/desk/inline/{KEY}">'
        f'<img src="//x.example/desk/inline/{KEY}"><img src="{shown["src"]}?x=1" onerror=x><a href="cid:{KEY}">b</a></p>'
    )
    send(desk, talk, words)
    assert sent(talk).html == '<p>a<a rel="noopener noreferrer nofollow">b</a></p>'
    assert not sent(talk).attachments.exists()


def test_a_picture_copied_from_another_message_is_one_of_this_one_too(desk, talk, add, stranger):
    first = add().json()
    send(desk, talk, f'<p><img src="{first["src"]}"></p>')
    send(desk, talk, f'<p>Again: <img src="{first["src"]}"></p>')
    one, two = (each.attachments.get() for each in talk.messages.filter(kind="agent").order_by("pk"))
    assert one.key != two.key
    assert two.key in sent(talk).html
    assert one.content() == two.content()


def test_a_held_picture_is_shown_to_nobody_and_named(desk, talk, add, settings):
    shown = add().json()
    send(desk, talk, f'<p><img src="{shown["src"]}"></p>')
    settings.EVENHAND_CLAMAV = "tcp://127.0.0.1:1"
    assert desk.get(shown["src"]).status_code == 404
    assert "held until it is scanned" in desk.get(f"/desk/c/{talk.pk}/").content.decode()


def test_a_description_is_one_line_without_tags():
    html = Prose.read(f'<img src="cid:{KEY}" alt="a <b>\n\t&quot;c&quot;" width="09" height="99999">', "html").html
    assert html == f'<img src="cid:{KEY}" alt="a b &quot;c&quot;">'


PASTE = """([kind, bytes, name, words]) => {
    const given = new DataTransfer();
    if (bytes) given.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
    if (words) { given.setData("text/html", words[0]); given.setData("text/plain", words[1]); }
    const there = document.querySelector("#reply-pane .tiptap");
    const at = there.getBoundingClientRect();
    there.dispatchEvent(kind === "paste" ? new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true })
        : new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true, clientX: at.x + 30, clientY: at.y + 20 }));
}"""
ON_ITS_PLACE = '#reply-pane .tiptap img[src^="/desk/inline/"]'


def put(page, kind, content=None, name="image.png", words=None):
    page.evaluate(PASTE, [kind, list(picture() if content is None else content) if not words else None, name, words])


@pytest.fixture
def page(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/", forgive=("415", "404"))
    page.locator("#reply-pane .tiptap").click()
    return page


def test_pasted_dropped_and_picked_in_the_browser(page, talk, tmp_path):
    (tmp_path / "the_menu.png").write_bytes(picture())
    page.keyboard.type("Look: ")
    put(page, "paste")
    page.locator(ON_ITS_PLACE).wait_for()
    page.keyboard.press("End")
    page.keyboard.type("and here.")
    put(page, "drop", name="left side.png")
    page.locator(ON_ITS_PLACE).nth(1).wait_for()
    page.locator("#reply-pane .picture input").set_input_files(tmp_path / "the_menu.png")
    page.locator(ON_ITS_PLACE).nth(2).wait_for()
    assert sorted(page.locator(ON_ITS_PLACE).evaluate_all("all => all.map((each) => each.alt)")) == [
        "",
        "left side",
        "the menu",
    ]
    assert page.locator(ON_ITS_PLACE).first.evaluate("each => each.decode().then(() => each.naturalWidth)") == 1200
    page.get_by_text("Draft kept").wait_for()
    page.reload()
    expect(page.locator(ON_ITS_PLACE)).to_have_count(3)
    page.locator(ON_ITS_PLACE).first.click()
    page.get_by_role("textbox", name="Description").fill("Where to press")
    page.keyboard.press("Enter")
    page.locator("#reply-pane").get_by_role("button", name="Send", exact=True).click()
    shown = page.locator("#thread .message.agent .prose img")
    shown.first.wait_for()
    expect(shown).to_have_count(3)
    assert {each.inline for each in sent(talk).attachments.all()} == {True}
    assert "[image: Where to press]" in sent(talk).text


def test_undo_and_a_refusal_leave_nothing_behind(page, talk):
    page.keyboard.type("Look: ")
    put(page, "paste")
    page.locator(ON_ITS_PLACE).wait_for()
    page.keyboard.press("Control+z")
    page.locator(ON_ITS_PLACE).wait_for(state="detached")
    page.keyboard.press("Control+Shift+z")
    page.locator(ON_ITS_PLACE).wait_for()
    put(page, "paste", b"not a picture")
    page.get_by_text("This is no picture that can be shown").wait_for()
    assert (
        page.locator("#reply-pane .tiptap img").evaluate_all(
            "all => all.filter((each) => !each.closest('.ProseMirror-separator') && each.src.startsWith('data:')).length"
        )
        == 0
    )
    page.locator("#reply-pane").get_by_role("button", name="Send", exact=True).click()
    page.locator("#thread .message.agent .prose img").wait_for()
    assert sent(talk).attachments.count() == 1


def test_sending_waits_for_a_picture_that_is_on_its_way(page, talk):
    held = []
    page.route("**/draft-picture", lambda route: held.append(route))
    page.keyboard.type("Look: ")
    put(page, "paste")
    page.locator('#reply-pane .tiptap img[src^="data:"]').wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Sent as soon as the picture is here").wait_for()
    held[0].continue_()
    page.locator("#thread .message.agent .prose img").wait_for()
    assert re.fullmatch(r"<p>Look: <img src=\"cid:[\w-]{43}\" .*></p>", sent(talk).html)


def test_words_from_elsewhere_come_without_their_pictures(page):
    put(page, "paste", words=['<p>Seen <b>there</b> <img src="https://tracker.example/x.png"></p>', "Seen there"])
    page.locator("#reply-pane .tiptap strong", has_text="there").wait_for()
    expect(page.locator("#reply-pane .tiptap img:not(.ProseMirror-separator)")).to_have_count(0)


def test_what_is_no_picture_is_attached(page):
    page.evaluate(PASTE.replace('"image/png"', '"application/pdf"'), ["drop", [37, 80, 68, 70], "how to.pdf", None])
    page.locator("#reply-pane .draft-files li", has_text="how to.pdf").wait_for()
