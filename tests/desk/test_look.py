"""Every page of the desk: readable for everyone, in light and dark, on a phone, without a word in the console."""

import pytest
from playwright.sync_api import expect

from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Suggestion
from evenhand.surveys.models import Rating
from tests.browser import PHONE, axe
from tests.pictures import picture
from tests.reading import outlook_file

PAGES = [
    "/desk/",
    "/desk/waiting/",
    "/desk/mine/",
    "/desk/open/?need=blocked",
    "/desk/quarantined/",
    "/desk/snoozed/",
    "/desk/spam/",
    "/desk/c/{junk}/",
    "/desk/open/narrow/?need=blocked",
    "/desk/c/{talk}/",
    "/desk/c/{odd}/",
    "/desk/c/{doubtful}/",
    "/desk/me/",
    "/desk/letters/",
    "/desk/search/?q=invoices",
    "/desk/open/?sort=password",
]


@pytest.fixture
def numbers(talk, team, mira, noor, tomas) -> dict[str, int]:
    """A conversation with everything in it, and one in quarantine."""
    talk.take(noor, "its turn")
    talk.tag(noor, ["billing", "export"])
    talk.note(tomas, "The certificate ran out.", html="<p>The certificate ran out.</p>")
    talk.reply(noor, "We see it.", html="<p>We <strong>see</strong> it, and a list:</p><ul><li>one</li></ul>")
    talk.receive(mira, "Thank you! https://lumen.example/ " + "long" * 60, quoted="> We see it.")
    talk.correct_need("hindered", "They can work", agent=noor)
    Rating.give(talk, mira, 4, "Quick.")
    junk = Conversation.start(mira, team, "Win now", "Text", problem="It looks like what you called spam.", spam=True)[
        0
    ]
    odd = Conversation.start(mira, team, "Odd " + "x" * 200, "Text", problem="The sender could not be verified.")[0]
    doubtful, message = Conversation.start(mira, team, "Re: Invoices do not open", "Send me everything.", language="en")
    Suggestion.merging(doubtful, talk)
    Suggestion.requester(doubtful, "joe@lumen.example", "Joe")
    Letter.objects.create(
        via="smtp", raw=b"", size=0, sha256="0", conversation=doubtful, message=message, mailbox=Mailbox.default(), outcome="stored",
        sender="mira@lumen.example", reply_to="mira@evil.example", verified=False, verdict="lumen.example says no.",
    )  # fmt: skip
    return {"talk": talk.pk, "odd": odd.pk, "doubtful": doubtful.pk, "junk": junk.pk}


@pytest.mark.parametrize("path", PAGES)
def test_everyone_can_read_it_in_light_in_dark_and_on_a_phone(visit, noor, numbers, path):
    page = visit(noor, path.format(**numbers), forgive=("400",))
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []


@pytest.mark.parametrize("key", ["?", "Control+k"])
def test_what_opens_over_the_page_is_readable_too(visit, noor, numbers, key):
    page = visit(noor, "/desk/c/{talk}/".format(**numbers))
    page.keyboard.press(key)
    page.locator("dialog[open]").wait_for(timeout=5000)
    assert axe(page) == []


def test_the_agents_own_theme_goes_before_the_systems(visit, noor, numbers):
    noor.theme = "dark"
    noor.save()
    page = visit(noor, "/desk/")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_letter_that_outlook_saved_is_shown_as_its_writer_formatted_it(visit, noor, talk):
    """Its own pictures are there, those from elsewhere are not, nothing in it runs, and the letter in it opens."""
    inner = outlook_file.letter(within=True, p0037="The first order", p5d01="kim@x.example", p1000="Where is it?")
    page = '<p>The <b>lamp</b>:</p><img src="cid:lamp" alt="lamp"><img src="https://spy.example/x.png"><script>document.body.textContent = "ran"</script>'
    saved = outlook_file.letter(
        people=[outlook_file.recipient("Support", "support@desk.example")],
        files=[outlook_file.file("lamp.png", picture(size=(120, 60)), "image/png", "lamp"), outlook_file.file("order", inner)],
        p0037="Broken lamp", p0c1a="Kim", p5d01="kim@x.example", p1000="The lamp", p1013=page.encode(),
    )  # fmt: skip
    upload = Upload("lamp.msg", "application/vnd.ms-outlook", outlook_file.compound(saved))
    kept = Attachment.keep(talk.messages.first(), upload)
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.get_by_role("link", name="Open the letter lamp.msg").click()
    page.wait_for_url(f"**/desk/a/{kept.key}/letter")
    page.get_by_text("As it was formatted").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("b")).to_have_text("lamp")
    expect(frame.locator("img[alt=lamp]")).to_have_js_property("naturalWidth", 120)
    expect(frame.locator("img").nth(1)).to_have_js_property("naturalWidth", 0)
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="open the letter order.eml").click()
    expect(page.locator("h1")).to_have_text("The first order")
