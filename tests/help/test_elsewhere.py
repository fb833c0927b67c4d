"""A desk that is opened under another address says where it is, before anybody fills in a form there for nothing."""

import pytest
from django.test import Client

from evenhand.web.wording import wording_in

pytestmark = pytest.mark.django_db
US = "https://help.calm.example"


@pytest.fixture(autouse=True)
def ours(settings):
    settings.EVENHAND_URL = US
    settings.ALLOWED_HOSTS = ["help.calm.example", "127.0.0.1"]
    settings.CSRF_TRUSTED_ORIGINS = [US]


@pytest.mark.parametrize("path", ["/", "/ask", "/sign-in/", "/desk/", "/pledge/", "/nowhere"])
@pytest.mark.parametrize("language", ["en", "ja", "pl"])
def test_another_host_is_told_where(path, language):
    answer = Client(headers={"host": "192.168.1.5:8000", "accept-language": language}).get(path)
    say = wording_in(language).error
    assert answer.status_code == 400
    assert say.elsewhere in answer.content.decode()
    assert f'href="{US}"' in answer.content.decode()
    assert "EVENHAND_URL" not in answer.content.decode()


def test_whoever_installs_it_is_told_the_setting(settings):
    settings.EVENHAND_URL = "http://127.0.0.1:8000"
    assert "Set EVENHAND_URL" in Client(headers={"host": "desk.lan:8000"}).get("/").content.decode()


def test_a_form_that_was_opened_elsewhere_says_where_and_not_that_it_is_old(team):
    beside = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"})
    answer = beside.post("/ask", {})
    assert answer.status_code == 403
    assert wording_in("en").error.elsewhere in answer.content.decode()
    here = Client(enforce_csrf_checks=True, headers={"host": "help.calm.example", "origin": US})
    assert wording_in("en").error.too_old in here.post("/ask", {}).content.decode()
