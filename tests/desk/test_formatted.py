"""A letter's formatting, in a frame without rights; pictures from elsewhere only when asked for."""

import re

import pytest
from django.core import signing

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation
from evenhand.web import fetch
from evenhand.web.desk import formatted

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def frame(client, talk, query=""):
    answer = client.get(f"/desk/m/{talk.messages.first().pk}/formatted{query}")
    assert answer.status_code == 200
    return answer


def test_the_frame_may_do_nothing(desk, talk):
    policy = frame(desk, talk)["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert frame(desk, talk)["X-Frame-Options"] == "SAMEORIGIN"


def test_a_picture_from_elsewhere_is_not_asked_for_until_it_is_wanted(desk, talk):
    assert b"elsewhere.example" not in frame(desk, talk).content
    wanted = frame(desk, talk, "?pictures=1").content.decode()
    assert "elsewhere.example" not in wanted
    assert re.search(r'<img src="/desk/picture/[^"]+"', wanted)


def test_the_picture_comes_through_us(desk, client, talk, monkeypatch):
    asked = []
    monkeypatch.setattr(fetch, "picture", lambda url: asked.append(url) or PNG)
    address = re.search(r'src="(/desk/picture/[^"]+)"', frame(desk, talk, "?pictures=1").content.decode())[1]
    client.logout()
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"], asked) == (PNG, "image/png", ["https://elsewhere.example/p.png"])


def test_only_addresses_of_ours_are_fetched(client):
    assert client.get("/desk/picture/anything").status_code == 404
    forged = signing.dumps(["u", "https://elsewhere.example/p.png"], salt="another")
    assert client.get(f"/desk/picture/{forged}").status_code == 404


def test_a_letters_own_pictures_are_shown_and_only_pictures(desk, team, mira):
    uploads = [
        Upload("a.png", "image/png", PNG, inline=True, content_id="<a@x>"),
        Upload("b.png", "image/png", b"<html><script>", inline=True, content_id="<b@x>"),
    ]
    html = '<p><img src="cid:a@x"><img src="cid:b@x"><img src="cid:none@x"></p>'
    talk = Conversation.start(mira, team, "S", "T", html=html, uploads=uploads)[0]
    first, second, third = re.findall(r'src="([^"]*)"', frame(desk, talk).content.decode())
    assert desk.get(first).content == PNG
    assert desk.get(second).status_code == 404
    assert third == ""


def test_without_html_there_is_no_frame(desk, team, mira):
    talk = Conversation.start(mira, team, "S", "T")[0]
    assert desk.get(f"/desk/m/{talk.messages.get().pk}/formatted").status_code == 404


def test_a_hostile_letter_is_framed_in_time(desk, team, mira):
    html = (
        "<b>" * 20_000
        + '<a href="https://x.example">x</a>' * 5001
        + "<img "
        + "a=b " * 20_000
        + 'src="https://y.example">'
        + "</b>" * 20_000
    )
    talk = Conversation.start(mira, team, "S", "T", html=html)[0]
    import time

    begun = time.perf_counter()
    frame(desk, talk)
    desk.get(f"/desk/c/{talk.pk}/")
    assert time.perf_counter() - begun < 2


def test_the_source_of_a_picture():
    assert formatted._source("javascript:x", {}, elsewhere=False) == ""
    assert formatted._source("data:text/html,x", {}, elsewhere=False) == ""
    assert formatted._source("data:image/png;base64,xx", {}, elsewhere=False) == "data:image/png;base64,xx"
