"""The desk in the hand: with a thumb on a phone, by keys alone, and nothing that moves under either."""

import pytest
from playwright.sync_api import expect

from evenhand.conversations.models import Conversation
from evenhand.people.models import Person

from .test_live import SOON, live

pytestmark = pytest.mark.django_db(transaction=True)
THUMB = 44  # pixels
TOUCHED = "button, summary, [role=tab], nav a, label.button, label.tool, .row-link"
BOXES = """all => all.filter((each) => each.checkVisibility() && !each.closest("dialog"))
    .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
    .map(([words, box]) => [words, Math.round(box.width), Math.round(box.height)])"""


def another(team, name="Jo", subject="Second"):
    return Conversation.start(Person.at(f"{name.lower()}@post.example", name), team, subject, "T", need="idea")[0]


def test_below_an_answer_is_one_row_on_a_phone_and_formatting_behind_one_button(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/", phone=True)
    page.locator("#reply-pane .tiptap").click()
    foot = page.locator("#reply-pane .compose-foot")
    middles = "all => all.filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect()).filter((b) => b.width > 20).map((b) => Math.round(b.y + b.height / 2))"
    assert len(set(foot.locator("> *").evaluate_all(middles))) == 1
    fold = foot.get_by_role("button", name="Formatting")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(foot.get_by_role("button", name="Bold")).to_be_hidden()
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    foot.get_by_role("button", name="Bold").click()
    page.keyboard.type("Reload once.")
    expect(page.locator("#reply-pane .tiptap strong")).to_have_text("Reload once.")


@pytest.mark.parametrize("path", ["/desk/", "/desk/waiting/", "/desk/c/{}/"])
def test_whatever_a_thumb_touches_is_large_enough(visit, noor, talk, path):
    page = visit(noor, path.format(talk.pk), phone=True)
    if path.endswith("}/"):
        page.locator("#reply-pane .tiptap").click()
        page.locator(".more-acts > summary").click()
    touched = page.locator(TOUCHED).evaluate_all(BOXES)
    assert len(touched) > 8
    assert [each for each in touched if each[1] < THUMB or each[2] < THUMB] == []


def test_nothing_moves_when_the_editor_comes(visit, noor, talk):
    page = visit(noor, "/desk/")
    held = []
    page.route("**/django_prose_editor/editor*.js", lambda route: held.append(route))
    page.goto(f"/desk/c/{talk.pk}/", wait_until="domcontentloaded")
    before = page.locator("#reply-pane").bounding_box()
    attach = page.locator("#reply-pane .attach").bounding_box()
    assert page.locator(".tiptap").count() == 0
    for each in held:
        each.continue_()
    page.locator("#reply-pane .tiptap").wait_for()
    assert page.locator("#reply-pane").bounding_box() == pytest.approx(before, abs=3)
    assert page.locator("#reply-pane .attach").bounding_box() == pytest.approx(attach, abs=3)


def test_what_has_the_focus_keeps_it_when_the_page_looks_anew(visit, noor, team, talk):
    page = live(visit(noor, "/desk/"))
    page.locator("#next-button").focus()
    another(team)
    expect(page.locator("#next .lead")).to_contain_text("2 conversations", timeout=SOON)
    expect(page.locator("#next-button")).to_be_focused()
    page.goto("/desk/waiting/")
    live(page)
    page.keyboard.press("j")
    talk.correct_need("idea", "They can work", agent=noor)
    expect(page.locator(f"#c{talk.pk} .need")).to_have_text("Idea", timeout=SOON)
    expect(page.locator(f"#c{talk.pk} a")).to_be_focused()


def test_after_an_act_one_is_where_one_went_in(visit, noor, tomas, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    page.keyboard.press("s")
    expect(page.locator("#assign-to")).to_be_focused()
    page.locator("#assign-to").select_option(label="Tomas Ferreira")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#act-assign summary")).to_contain_text("Tomas Ferreira", timeout=SOON)
    expect(page.locator("#act-assign summary")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator(".line-state")).to_have_text("closed", timeout=SOON)


def test_escape_folds_what_was_unfolded(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#tags")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#tags")).to_be_hidden()
    expect(page.locator("#act-tag summary")).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator("#act-snooze form button").first).to_be_focused()


def test_rare_acts_are_behind_more_and_say_what_they_did(visit, noor, talk):
    page = live(visit(noor, f"/desk/c/{talk.pk}/"))
    expect(page.get_by_role("button", name="Spam")).to_be_hidden()
    page.locator(".more-acts > summary").click()
    page.get_by_role("button", name="Spam").click()
    expect(page.locator(".toast")).to_have_text("Set aside as spam.", timeout=SOON)
    expect(page.locator(".line-state")).to_have_text("in spam", timeout=SOON)


def test_the_palette_opens_a_rare_act_and_one_escape_closes_it(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("merge")
    expect(page.locator("#palette-list li").first).to_have_text("Merge")
    page.keyboard.press("Enter")
    expect(page.locator("#into")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("correct the")
    expect(page.locator("#palette-list li").first).to_have_text("Correct the need")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_back_leads_to_where_one_was_and_j_goes_on_from_there(visit, noor, team, talk):
    second, third = another(team), another(team, "Ann", "Third")
    page = visit(noor, "/desk/open/?need=idea")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/c/{third.pk}/")
    expect(page.locator("#back")).to_have_text("All open")
    page.keyboard.press("j")
    page.wait_for_url(f"**/desk/c/{second.pk}/")
    page.keyboard.press("j")  # the last one
    page.keyboard.press("u")
    page.wait_for_url("**/desk/open/?need=idea")


def test_who_comes_back_to_what_was_found_goes_on_by_keys(visit, noor, talk):
    page = visit(noor, "/desk/search/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("invoices")
    page.wait_for_url("**/?q=invoices")
    page.locator("#found .row").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/c/{talk.pk}/")
    expect(page.locator("#back")).to_have_text("Search")
    page.keyboard.press("u")
    page.wait_for_url("**/?q=invoices")
    page.keyboard.press("j")
    expect(page.locator(f"#c{talk.pk} a")).to_be_focused()


def test_on_a_phone_the_list_one_is_in_can_be_seen(visit, noor, talk):
    page = visit(noor, "/desk/spam/", phone=True)
    expect(page.locator(".boxes .box-spam")).to_be_in_viewport(ratio=1)


def test_that_a_draft_is_kept_is_shown_but_not_read_out_at_every_pause(visit, noor, talk):
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.locator("#reply-pane .tiptap").click()
    page.keyboard.type("Half a sentence")
    page.get_by_text("Draft kept").wait_for()
    assert page.get_by_role("status").filter(has_text="Draft kept").count() == 1
    assert page.locator(".saved").aria_snapshot() in ("", "- status")
