"""A real browser on a real server on the test's database: `from tests.browser import *` in a conftest gives the fixtures.

`visit(agent, path, …)` opens a page for somebody (None: a stranger) and, at the end of the test, fails it for every error
in the browser's console: an inline style that the policy refuses is one.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.programs import CHROMIUM

__all__ = ["address", "axe", "chromium", "visit"]

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SLOWER = float(os.environ.get("EVENHAND_TEST_SLOWER", "1"))  # how many times slower the browser is made to be
PATIENCE = 60_000  # milliseconds; what a page does not do by then it does not do
expect.set_options(timeout=PATIENCE)
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path, args=ARGUMENTS)
        yield browser
        browser.close()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def address(database_urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where this test process's desk is served: the very application that `evenhand web` serves."""
    from django.conf import settings

    port, log = _free_port(), tmp_path_factory.mktemp("web") / "log"
    url = f"http://127.0.0.1:{port}"
    # Whatever Django was set up with here: a session made by the test has to hold there.
    environment = {
        **os.environ, "EVENHAND_DATABASE_URL": database_urls["desk"], "EVENHAND_URL": url,
        "EVENHAND_DATA": str(settings.EVENHAND_DATA), "EVENHAND_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "evenhand.settings",
        "EVENHAND_GOOGLE_CLIENT_ID": "the desk", "EVENHAND_GOOGLE_CLIENT_SECRET": "the secret",
        "EVENHAND_MICROSOFT_CLIENT_ID": "the desk", "EVENHAND_MICROSOFT_CLIENT_SECRET": "the secret",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "evenhand.serving.collect"], env=environment, check=True)
    granian = [
        Path(sys.executable).with_name("granian"),
        "--interface",
        "asgi",
        "--factory",
        "--no-ws",
        "--host",
        "127.0.0.1",
    ]
    command = [*granian, "--port", str(port), "evenhand.serving.start:application"]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        _wait_for(f"{url}/healthz", server, log)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)


@pytest.fixture
def visit(chromium: Browser, address: str, transactional_db: None) -> Iterator[Visit]:
    """`visit(agent, path, phone=False, dark=False, script=True)` -> the page."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(
        agent: Any, path: str = "/desk/", *, phone: bool = False, dark: bool = False, script: bool = True,
        forgive: tuple[str, ...] = (),
    ) -> Page:  # fmt: skip
        context = chromium.new_context(
            viewport=PHONE if phone else WIDE, color_scheme="dark" if dark else "light", java_script_enabled=script,
            base_url=address, reduced_motion="reduce", has_touch=phone,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if agent is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(agent), "url": address}])
        page = context.new_page()
        if SLOWER != 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: (
                said.type == "error"
                and not any(each in said.text for each in forgive)
                and wrong.append(f"{page.url}: {said.text}")
            ),
        )
        page.goto(path)
        assert agent is None or "/sign-in/" not in page.url
        return page

    yield open_page
    for context in contexts:
        context.close()
    until_served()
    assert wrong == [], wrong


def until_served() -> None:
    """Wait until the server is done with what a closed page still asked for: emptying the tables would meet it half-way."""
    from django.db import connection

    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle' LIMIT 1"
            )
            if cursor.fetchone() is None:
                return
            time.sleep(0.05)


def session_of(agent: Any) -> str:
    """The key of a new session of this agent."""
    from django.test import Client

    client = Client()
    client.force_login(agent)
    return client.cookies["sessionid"].value


def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, in a line each; empty is right."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
    return [
        f"{each['id']}: {each['help']}: {[node['target'] for node in each['nodes']][:4]}"
        for each in found.response["violations"]
    ]
