"""/dev/mail: readable while letters stay in the house, and only by whom it cannot harm."""

import pytest

from evenhand.channels import sending
from evenhand.channels.models import Outgoing

from .post import arrive, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(mailbox):
    arrive(write("<script>alert(1)</script>"))
    sending.send_all()
    return Outgoing.objects.get()


@pytest.fixture
def pages(letter):
    return ["/dev/mail", f"/dev/mail/{letter.pk}", f"/dev/mail/{letter.pk}/html", f"/dev/mail/{letter.pk}/raw"]


def test_on_this_machine_letters_can_be_read(client, letter, pages):
    answers = [client.get(page) for page in pages]
    assert [each.status_code for each in answers] == [200] * 4
    assert "We have your letter" in answers[0].text
    assert "/c/" in answers[1].text
    assert "sandbox" in answers[2]["Content-Security-Policy"]
    assert answers[3].content == bytes(letter.raw)
    assert client.get("/dev/mail/999999").status_code == 404


def test_not_once_letters_leave_by_a_server(client, pages, settings):
    settings.EVENHAND_OUTBOUND = "smtp://127.0.0.1:25"
    assert {client.get(page).status_code for page in pages} == {404}


@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=127.0.0.1"}],
)
def test_not_from_elsewhere(client, pages, elsewhere):
    assert {client.get(page, **elsewhere).status_code for page in pages} == {404}


def test_not_at_a_desk_that_others_can_reach(client, pages, settings):
    settings.EVENHAND_URL = "https://desk.example"
    assert {client.get(page).status_code for page in pages} == {404}


def test_by_administrators_from_anywhere_and_by_everyone_in_the_demo(client, pages, ada, settings):
    client.force_login(ada)
    assert {client.get(page, REMOTE_ADDR="192.0.2.7").status_code for page in pages} == {404}
    type(ada).objects.update(is_admin=True)
    assert {client.get(page, REMOTE_ADDR="192.0.2.7").status_code for page in pages} == {200}
    client.logout()
    settings.EVENHAND_DEMO = True
    assert {client.get(page, REMOTE_ADDR="192.0.2.7").status_code for page in pages} == {200}


def test_pages_of_letters(client, mailbox):
    for number in range(53):
        Outgoing.post("survey", ["mira@lumen.example"], f"Letter {number}.", "x")
    newest = client.get("/dev/mail").text
    assert "Letter 52." in newest
    assert "Letter 2." not in newest
    older = client.get(f"/dev/mail?before={Outgoing.objects.order_by('-pk')[49].pk}").text
    assert [f"Letter {number}." in older for number in (3, 2, 1, 0)] == [False, True, True, True]
    assert client.get("/dev/mail?before=x").status_code == 200
