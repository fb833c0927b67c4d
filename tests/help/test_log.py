"""Whoever reads the log can open nobody's page by it."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client

from evenhand.web.help import conversation as pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the desk's own handler writes."""
    [handler] = [each for each in logging.getLogger().handlers if each.name == "stderr"]
    before = handler.setStream(written := StringIO())
    yield written
    handler.setStream(before)


def test_what_fails_is_named_by_its_pattern(link, log, monkeypatch):
    monkeypatch.setattr(pages, "thread", lambda *_: 1 / 0)
    assert Client(raise_request_exception=False).get(f"/c/{link.token}").status_code == 500
    assert "ERROR django.request: Internal Server Error: /c/<slug:token>\n" in log.getvalue()
    assert "ZeroDivisionError" in log.getvalue()
    assert link.token not in log.getvalue()


def test_a_forged_form_is_noted_without_the_link(link, log):
    assert Client(enforce_csrf_checks=True).post(f"/c/{link.token}/reply", {"text": "Hello"}).status_code == 403
    assert "/c/<slug:token>/reply" in log.getvalue()
    assert link.token not in log.getvalue()


def test_what_a_person_does_wrong_is_no_line(link, log):
    browser = Client()
    assert browser.post(f"/c/{link.token}/reply", {"text": ""}).status_code == 422
    assert browser.get(f"/c/{link.token}x").status_code == 404
    assert browser.get("/enter/0123456789").status_code in (404, 410)
    assert browser.get(f"/nowhere/{link.token}").status_code == 404
    assert log.getvalue() == ""
