"""`python -m tests.screenshots [URL]`: take the README's pictures anew, from a demo that runs at URL (`make run`)."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, WIDE
from tests.programs import CHROMIUM

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
TOLD = '/desk/search/?q="worked once"'  # what some of the demo's customers wrote after an answer


def take(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator(".member").first.click()
    page.locator("body[data-connected=yes]").wait_for()
    page.screenshot(path=PICTURES / "next.png")
    page.goto(TOLD)
    hits = page.locator(".row:has(.row-org)")
    still = hits.filter(has=page.locator(".row-marks", has_text="open"))
    (still if still.count() else hits).first.locator("a").click()
    page.locator("#reply-pane .tiptap").wait_for()
    page.screenshot(path=PICTURES / "conversation.png")


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path, args=ARGUMENTS)
        take(browser.new_page(viewport=WIDE, base_url=address, color_scheme="light", reduced_motion="reduce"))
        browser.close()


if __name__ == "__main__":
    main()
