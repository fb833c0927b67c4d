"""The pictures of a thread: what a customer pasted into a letter is seen without asking for it, once, and large when touched."""

import random
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from evenhand.channels.files import looking
from evenhand.conversations.attachment import Attachment, Upload
from evenhand.conversations.models import Conversation

pytestmark = pytest.mark.django_db(transaction=True)


def drawn(seed: int, size: tuple[int, int] = (640, 400)) -> bytes:
    """A picture that no two seeds share, and that no compression makes small."""
    out = BytesIO()
    Image.frombytes("RGB", (64, 40), random.Random(seed).randbytes(64 * 40 * 3)).resize(
        size, Image.Resampling.NEAREST
    ).save(out, "PNG")
    return out.getvalue()


def show(
    talk: Conversation, person, content: bytes, name: str = "screen.png", kind: str = "image/png", inline: bool = True
) -> Attachment:
    message = talk.receive(person, "See here.")
    file = Attachment.keep(message, Upload(name, kind, content, inline, f"<{name}@lumen.example>"))
    looking.look_at_all()
    return file


def test_what_was_pasted_into_a_letter_is_seen_in_the_thread(desk, talk, mira):
    file = show(talk, mira, drawn(1))
    page = desk.get(f"/desk/c/{talk.pk}/").content.decode()
    assert f"/desk/a/{file.key}/small" in page
    large = desk.get(f"/desk/a/{file.key}/picture")
    assert (large["Content-Type"], large["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in large["Content-Security-Policy"]
    assert large.content == drawn(1)


def test_what_is_quoted_again_is_seen_once_and_an_icon_never(desk, talk, mira):
    first, again = show(talk, mira, drawn(1)), show(talk, mira, drawn(1))
    icon = show(talk, mira, drawn(2, (8, 8)), "icon.png")
    attached = show(talk, mira, drawn(1), inline=False)
    page = desk.get(f"/desk/c/{talk.pk}/").content.decode()
    assert [each.key in page for each in (first, again, icon, attached)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("content", "kind"), [(b"<html>" * 900, "image/png"), (b"<svg onload=alert(1)>" * 900, "image/svg+xml")]
)
def test_what_is_no_picture_by_its_bytes_is_not_opened_as_one(desk, talk, mira, content, kind):
    file = show(talk, mira, content, kind=kind, inline=False)
    assert desk.get(f"/desk/a/{file.key}/picture").status_code == 404
    assert desk.get(f"/desk/a/{file.key}")["Content-Type"] == "application/octet-stream"


def test_a_held_picture_is_not_shown_large_either(desk, talk, mira):
    file = show(talk, mira, drawn(1))
    Attachment.objects.update(threat="Something")
    assert desk.get(f"/desk/a/{file.key}/picture").status_code == 404


def test_a_picture_opens_over_the_page_and_arrows_lead_on(visit, noor, talk, mira):
    show(talk, mira, drawn(1), "first.png")
    show(talk, mira, drawn(2), "second.png")
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.get_by_role("img", name="first.png").click()
    dialog = page.get_by_role("dialog", name="first.png")
    assert dialog.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    page.keyboard.press("ArrowRight")
    page.get_by_role("dialog", name="second.png").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(":focus", has=page.get_by_role("img", name="second.png"))).to_have_count(1)
    expect(page.get_by_role("dialog")).to_have_count(0)
    # A reply's keys go to the desk again.
    page.keyboard.press("r")
    page.locator(".tiptap:focus").wait_for()
