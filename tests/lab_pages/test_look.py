"""The lab in a browser: readable for everyone, quick when a slider moves, whole without scripts."""

import os
import re

from playwright.sync_api import expect

from evenhand.web.models import KeptStudy
from tests.browser import PHONE, axe

ASKED = "/desk/lab/?agents=8&asked=50&best=10&promise=8&draws=1&policy=flat&policy=strict_tiers"
SLOW = 90_000  # milliseconds: the first study of a machine may have to compile


def shot(page, name: str) -> None:
    """A picture for whoever asks for one: LAB_SHOTS=folder."""
    if folder := os.environ.get("LAB_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_everyone_can_read_it_in_light_in_dark_and_on_a_phone(visit, noor):
    KeptStudy.objects.create(name="Before the summer", made_by=noor, toml="")
    page = visit(noor, ASKED)
    shot(page, "light")
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    shot(page, "dark")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    shot(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []


def test_the_histories_page_too(visit, noor):
    page = visit(noor, "/desk/lab/history/")
    shot(page, "history")
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []


def test_a_slider_that_moves_brings_a_new_answer_and_a_refusal_is_said(visit, noor):
    page = visit(noor, "/desk/lab/", forgive=("400",))
    page.locator("#answer").wait_for(timeout=SLOW)  # played by itself once the page is there
    before = page.locator("#answer").inner_text()
    page.locator("#lab-agents").fill("14")
    assert page.locator("#lab-agents-number").input_value() == "14"
    expect(page.locator("#answer")).not_to_have_text(before, use_inner_text=True, timeout=SLOW)
    assert re.search(r"agents=14\b", page.url)
    page.locator("#lab-agents-number").fill("none")
    page.get_by_text("The number of agents must be a number").wait_for(timeout=SLOW)
    assert page.locator("#lab-promise-number").input_value() == "8"


def test_without_scripts_the_button_plays(visit, noor):
    page = visit(noor, "/desk/lab/", script=False)
    page.locator("#lab-agents-number").fill("10")
    page.get_by_role("button", name="Play").click(timeout=SLOW)
    assert "10 agents" in page.locator("#lab-result").inner_text(timeout=SLOW)
