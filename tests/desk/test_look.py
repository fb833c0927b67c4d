"""Every page of the desk: readable for everyone, in light and dark, on a phone, without a word in the console."""

import pytest

from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.models import Conversation, Suggestion
from evenhand.surveys.models import Rating
from tests.browser import PHONE, axe

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
