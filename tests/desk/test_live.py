"""The desk in a browser: the whole way of a letter, two agents at once, and what survives."""

import re
from urllib.request import Request, urlopen

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from evenhand.channels.answer import Answer, End
from evenhand.channels.models import Mailbox, Outgoing
from evenhand.channels.reply import post_reply
from evenhand.channels.settling import settle
from evenhand.conversations.models import Conversation, Draft, Link, Message
from evenhand.people.models import Person
from evenhand.serving.hub import MOST
from tests.browser import session_of

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 2000  # milliseconds; what happens at the desk is seen within a second, and this machine may be busy


def write(page, words):
    page.locator("#reply-pane .tiptap").click()
    page.keyboard.type(words)


def live(page):
    page.locator("body[data-connected=yes]").wait_for()
    return page


def test_from_letter_to_next_to_reply_to_the_customers_page(visit, noor, team):
    page = live(visit(noor, "/desk/"))
    expect(page.locator("h1")).to_have_text("All answered")
    mira = Person.at("mira@lumen.example", "Mira Okafor", "en")
    talk = Conversation.start(mira, team, "Invoices do not open", "Since eight.", need="blocked")[0]
    expect(page.locator("h1")).to_contain_text("in", timeout=SOON)
    page.keyboard.press("n")
    page.wait_for_url(f"**/desk/c/{talk.pk}/")
    page.locator("#reply-pane .tiptap").wait_for()  # until it is there a plain field takes the words, without bold
    page.keyboard.press("r")
    page.keyboard.type("We renewed the certificate. ")
    page.keyboard.press("Control+b")
    page.keyboard.type("Reload once.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message.agent .prose strong")).to_have_text("Reload once.")
    expect(page.locator(".leaving")).to_contain_text("Leaves in")
    message = talk.messages.get(kind="agent")
    assert message.text == "We renewed the certificate. Reload once."
    assert not Draft.objects.exists()
    customer = visit(None, f"/c/{Link.of(talk, mira).token}")
    expect(customer.locator("body")).not_to_contain_text("We renewed")  # it can still be taken back
    talk.went(message, timezone.now())
    expect(page.locator(".leaving")).to_have_count(0, timeout=SOON)
    customer.reload()
    expect(customer.locator("body")).to_contain_text("We renewed the certificate.")


def test_lists_and_counts_live(visit, noor, team, talk):
    page = live(visit(noor, "/desk/waiting/"))
    expect(page.locator(".row")).to_have_count(1)
    Conversation.start(Person.at("jo@post.example", "Jo"), team, "One more", "T")
    expect(page.locator(".row")).to_have_count(2, timeout=SOON)
    expect(page.locator(".box-waiting .count")).to_have_text("2", timeout=SOON)
    talk.close()
    expect(page.locator(".row")).to_have_count(1, timeout=SOON)


def test_a_new_message_arrives_without_touching_what_is_typed(visit, noor, talk, mira):
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    write(page, "Half a sentence")
    talk.receive(mira, "Something new")
    expect(page.locator("#thread")).to_contain_text("Something new", timeout=SOON)
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Half a sentence")
    page.keyboard.type(" and the rest")
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Half a sentence and the rest")


def test_two_agents_see_each_other_and_cannot_both_answer_unknowingly(visit, noor, tomas, talk):
    hers = live(visit(noor, f"/desk/c/{talk.pk}/", forgive=("409",)))
    his = live(visit(tomas, f"/desk/c/{talk.pk}/"))
    expect(hers.locator("#presence")).to_contain_text("Tomas Ferreira is here, too", timeout=SOON)
    write(his, "His answer")
    expect(hers.locator("#presence")).to_contain_text("Tomas Ferreira is writing an answer", timeout=SOON)
    write(hers, "Her answer")
    his.keyboard.press("Control+Enter")
    expect(hers.locator(".meanwhile")).to_contain_text(
        "Tomas Ferreira answered while you were writing", timeout=2 * SOON
    )
    hers.locator("#reply-pane .tiptap").press("Control+Enter")
    expect(hers.locator(".answered")).to_contain_text("His answer")
    expect(hers.locator(".answered")).to_contain_text("Her answer")
    expect(hers.locator(".answered")).to_be_focused()  # so that it is read out
    hers.get_by_role("button", name="Send mine anyway").click()
    expect(hers.locator("#thread")).to_contain_text("Her answer")
    assert [each.text for each in talk.messages.filter(kind="agent").order_by("pk")] == ["His answer", "Her answer"]


def test_a_draft_survives_the_end_of_a_session(visit, noor, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/", forgive=("401",)))
    write(page, "First words.")
    expect(page.locator(".saved")).to_have_text("Draft kept", timeout=2 * SOON)
    assert Draft.objects.get().html == "<p>First words.</p>"
    Session.objects.all().delete()
    page.keyboard.type(" Later words.")
    expect(page.locator(".saved")).to_have_text("Signed out. Kept in this browser", timeout=2 * SOON)
    page.locator("#reply-pane .button.primary").click()
    expect(page.locator("h1")).to_have_text("You were signed out")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(noor), "url": page.url}])
    page.goto(f"/desk/c/{talk.pk}/")
    expect(page.locator("#reply-pane .tiptap")).to_have_text("First words. Later words.")
    expect(page.locator(".saved")).to_have_text("Draft kept", timeout=2 * SOON)
    assert Draft.objects.get().html == "<p>First words. Later words.</p>"
    assert not Message.objects.filter(kind="agent").exists()


def test_sent_and_taken_back_it_is_in_the_editor_again(visit, noor, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    write(page, "Too soon")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Too soon")
    assert not Message.objects.filter(kind="agent").exists()


def put_off(message, words):
    """What a worker does whose mail server asks to come back later."""
    Message.objects.filter(pk=message.pk).update(leaves_at=timezone.now())
    letter = Outgoing.objects.filter(message=message).first() or post_reply(message)
    letter.tries += 1
    settle(letter, Answer(End.LATER, words))


def test_an_answer_that_waits_for_a_mail_server_is_seen_tried_and_taken_back(visit, noor, team, talk):
    Mailbox.objects.create(address="support@desk.example", name="The desk", team=team)
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    write(page, "Too soon")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".leaving")).to_contain_text("Leaves in")
    message = talk.messages.get(kind="agent")
    put_off(message, "451 4.7.1 Greylisted")
    expect(page.locator(".why-waits")).to_contain_text("451 4.7.1 Greylisted", timeout=SOON)
    page.get_by_role("button", name="Try now").click()
    expect(page.locator(".leaving")).to_contain_text("On its way")
    put_off(message, "451 4.7.1 Still greylisted")
    expect(page.locator(".why-waits")).to_contain_text("Still greylisted", timeout=SOON)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Too soon")
    assert not Outgoing.objects.exists()


def test_what_happens_before_a_page_can_hear_it_is_seen_all_the_same(visit, noor, team):
    def meanwhile(route):
        Conversation.start(Person.at("jo@post.example", "Jo"), team, "Meanwhile", "T")
        route.continue_()

    page = visit(noor, "/desk/waiting/")
    page.route("**/desk/live*", meanwhile, times=1)
    page.reload()
    expect(page.locator(".row")).to_have_count(1)


def test_of_too_many_pages_the_one_left_longest_rests_until_somebody_comes_to_it(visit, noor, team, address):
    page = live(visit(noor, "/desk/waiting/"))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/desk/live?" in request.url else None)
    others = [streamed(address, session_of(noor)) for _ in range(MOST)]
    page.locator("body[data-connected=no]").wait_for()
    Conversation.start(Person.at("jo@post.example", "Jo"), team, "One more", "T")
    page.wait_for_timeout(2000)  # longer than a browser waits before it connects again
    assert asked == []
    page.evaluate("dispatchEvent(new Event('focus'))")
    live(page)
    expect(page.locator(".row")).to_have_count(1)  # what came meanwhile
    assert b"event: aside" in others[0].read()
    page.wait_for_timeout(2000)
    assert len(asked) == 1  # and the two do not put each other aside
    for each in others:
        each.close()


def streamed(address, session):
    """A live stream, open and heard from."""
    request = Request(f"{address}/desk/live", headers={"Cookie": f"sessionid={session}"})
    stream = urlopen(request, timeout=60)
    while stream.readline() != b"event: hello\n":
        pass
    return stream


def test_acts_happen_in_place(visit, noor, tomas, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    write(page, "Being typed")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("billing")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-head .tag")).to_have_text("billing", timeout=SOON)
    page.keyboard.press("s")
    page.locator("#assign-to").select_option(label="Tomas Ferreira")
    page.locator("#act-assign button").click()
    expect(page.locator(".facts")).to_contain_text("Tomas Ferreira", timeout=SOON)
    page.locator("#act-need summary").click()
    page.locator("#need").select_option("question")
    page.locator("#why-need").fill("They can work")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-head .need")).to_have_text("Question", timeout=SOON)
    page.locator("#main").focus()
    page.keyboard.press("e")
    expect(page.locator(".line-state")).to_have_text("closed", timeout=SOON)
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Being typed")


def test_why_not_is_said_in_place(visit, noor, tomas, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/", forgive=("409",)))
    page.evaluate("document.querySelectorAll('[data-refresh]').forEach((each) => delete each.dataset.refresh)")
    talk.take(tomas, "mine")
    page.locator("#act-take summary").click()
    page.locator("#why-take").fill("Now")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("is not waiting", timeout=SOON)


def test_everything_by_keyboard(visit, noor, team, talk):
    Conversation.start(Person.at("jo@post.example", "Jo"), team, "Second", "T", need="idea")
    page = visit(noor, "/desk/")
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/desk/waiting/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/c/\d+/"))
    expect(page.locator("h1")).to_have_text("Second")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#note-pane .tiptap").wait_for(state="attached")
    page.keyboard.press("i")
    expect(page.locator("#note-pane .tiptap")).to_be_focused()
    page.keyboard.type("For colleagues")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("For colleagues")
    page.keyboard.press("u")
    page.wait_for_url("**/desk/waiting/")
    page.keyboard.press("f")
    page.wait_for_url("**/narrow/")


def test_a_letter_is_a_shortcut_to_a_list_only_after_g(visit, noor, talk):
    """However young the page is: `s` alone hands over, `g s` goes to what is snoozed."""
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.evaluate("performance.now = () => 100")
    page.keyboard.press("s")
    expect(page.locator("#act-assign")).to_have_attribute("open", "")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/desk/snoozed/")


def test_the_key_after_an_overlay_closed_is_not_lost(visit, noor, talk):
    """The words that follow it would be keys, too, and `r` would put the rest of a note into an answer."""
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.keyboard.press("?")
    expect(page.locator("#keys button")).to_be_focused()
    page.evaluate("""() => {
        document.getElementById("keys").close();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "i", bubbles: true }));
    }""")
    expect(page.locator("#note-pane .tiptap")).to_be_focused()


def test_the_palette_goes_and_does(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("snoozed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/snoozed/")
    page.keyboard.press("Control+k")
    page.keyboard.type("invoices")
    page.get_by_role("option", name=re.compile("Invoices do not open")).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/c/{talk.pk}/")


def test_single_keys_can_be_switched_off(visit, noor, talk):
    page = visit(noor, "/desk/waiting/")
    page.keyboard.press("?")
    page.locator("#keys-off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.press("j")
    assert page.url.endswith("/desk/waiting/")
    assert page.evaluate("document.activeElement.closest('.row')") is None


def test_a_letters_frame_runs_nothing_and_asks_nobody(visit, noor, team, mira):
    evil = (
        '<p>Hi</p><table><tr><td>1</td></tr></table><script>top.x=1</script><img src="https://elsewhere.example/p.png" onerror="top.x=1">'
        '<style>@import "https://elsewhere.example/s.css"; body { background: url(https://elsewhere.example/b.png) }</style>'
        '<iframe src="javascript:top.x=1"></iframe><form action="https://elsewhere.example/"><input autofocus onfocus="top.x=1"></form>'
    )
    talk = Conversation.start(mira, team, "Evil", "Text", html=evil)[0]
    page = visit(
        noor, f"/desk/c/{talk.pk}/", forgive=("Content Security Policy", "Blocked script", "sandbox", "net::ERR")
    )
    left = []  # what was not stopped by the frame's policy before it left the browser
    page.on("response", lambda answer: left.append(answer.url))
    page.on("requestfailed", lambda request: request.failure == "csp" or left.append(request.url))
    page.get_by_text("As it was formatted").click()
    expect(page.frame_locator("iframe").locator("td")).to_have_text("1")
    page.wait_for_timeout(300)
    assert page.evaluate("window.x") is None
    assert [each for each in left if "elsewhere.example" in each] == []


def test_without_scripts_an_agent_can_still_answer(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/", script=False)
    page.locator("#reply-words").fill("Plain words\n\nof mine")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message.agent")).to_contain_text("Plain words")
    assert talk.messages.get(kind="agent").html == "<p>Plain words</p><p>of mine</p>"
