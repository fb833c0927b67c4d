"""An agent ends a customer's links: what was forwarded opens nothing any more, and the customer comes in again."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from evenhand.channels.models import Mailbox
from evenhand.channels.reply import post_reply
from evenhand.conversations.models import Conversation, Link, Message
from evenhand.people.models import Person

pytestmark = pytest.mark.django_db


def end(desk, talk, person):
    return desk.post(f"/desk/c/{talk.pk}/end-links", {"person": person})


def status(link):
    return Client().get(f"/c/{link.token}").status_code


@pytest.fixture
def jo(db) -> Person:
    return Person.at("jo@post.example", "Jo Byrne")


def test_every_link_of_theirs_to_this_ends_and_nothing_else(desk, team, talk, mira, jo):
    first, second, theirs = Link.make(talk, mira), Link.make(talk, mira), Link.of(talk, jo)
    elsewhere = Link.of(Conversation.start(mira, team, "Another", "T")[0], mira)
    assert end(desk, talk, mira.pk).status_code == 302
    assert [status(each) for each in (first, second, theirs, elsewhere)] == [404, 404, 200, 200]
    helped = Client().get(f"/c/{first.token}").content.decode()
    assert 'action="/link"' in helped  # it asks for a fresh one, by mail


def test_nothing_is_done_by_what_ended(desk, talk, mira):
    link = Link.of(talk, mira)
    end(desk, talk, mira.pk)
    assert Client().post(f"/c/{link.token}/reply", {"text": "Still here"}).status_code == 404
    file = talk.messages.get().attachments.get()
    assert Client().get(f"/c/{link.token}/file/{file.key}").status_code == 404
    assert talk.messages.count() == 1


def test_the_next_letter_brings_a_new_one(desk, noor, team, talk, mira):
    Mailbox.objects.create(address="support@desk.example", name="The desk", team=team)
    old = Link.of(talk, mira)
    end(desk, talk, mira.pk)
    message = talk.reply(noor, "It works again.")
    Message.objects.filter(pk=message.pk).update(leaves_at=timezone.now())
    letter = bytes(post_reply(message).raw).decode().replace("=\r\n", "")
    new = Link.of(talk, mira)
    assert new.token in letter
    assert old.token not in letter
    assert (status(old), status(new)) == (404, 200)


def test_who_did_it_and_when_stands_in_the_thread(desk, noor, talk, mira):
    Link.of(talk, mira)
    before = timezone.now()
    end(desk, talk, mira.pk)
    event = talk.events.get(what="links ended")
    assert (event.agent, event.data) == (noor, {"address": "mira@lumen.example"})
    assert event.at >= before
    assert (
        "Noor Haddad ended the links of mira@lumen.example to this" in desk.get(f"/desk/c/{talk.pk}/").content.decode()
    )


def test_a_merged_conversations_links_end_with_it(desk, noor, team, talk, mira):
    other = Conversation.start(mira, team, "The same", "T")[0]
    link = Link.of(other, mira)
    other.merge(talk, noor)
    assert status(link) == 200
    assert end(desk, talk, mira.pk).status_code == 302
    assert status(link) == 404


@pytest.mark.parametrize("person", ["", "x", "-1", "999999", "9" * 40])
def test_nobodys_links_are_refused(desk, talk, mira, person):
    link = Link.of(talk, mira)
    assert end(desk, talk, person).status_code == 400
    assert status(link) == 200


def test_whoever_has_none_is_not_offered_and_is_a_sentence(desk, talk, mira, jo):
    page = f"/desk/c/{talk.pk}/"
    assert "End their links" not in desk.get(page).content.decode()
    Link.of(talk, mira)
    Link.of(talk, jo)
    shown = desk.get(page).content.decode()
    assert "End their links" in shown
    assert re.findall(r">([^<]+)</option>", shown[shown.index('id="links-of"') :])[:2] == ["Mira Okafor", "Jo Byrne"]
    Link.objects.filter(person=jo).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Jo Byrne" not in desk.get(page).content.decode()
    assert end(desk, talk, jo.pk).status_code == 400
    assert end(desk, talk, mira.pk).status_code == 302
    again = end(desk, talk, mira.pk)
    assert again.status_code == 400
    assert "They have no link that opens." in again.content.decode()
    assert talk.events.filter(what="links ended").count() == 1


@pytest.mark.django_db(transaction=True)
def test_from_the_palette_in_place_while_one_types(visit, noor, talk, mira, jo):
    link, theirs = Link.of(talk, mira), Link.of(talk, jo)
    page = visit(noor, f"/desk/c/{talk.pk}/")
    page.locator("#reply-pane .tiptap").click()
    page.keyboard.type("Half a sentence")
    page.keyboard.press("Control+k")
    page.keyboard.type("end their")
    page.get_by_role("option", name="End their links").wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_label("The links of")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".acts")).to_contain_text("The next letter brings a new one.")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Their links open nothing any more.")
    expect(page.locator("#thread")).to_contain_text("Noor Haddad ended the links of mira@lumen.example")
    expect(page.locator("#links-of option")).to_have_text(["Jo Byrne"])
    expect(page.locator("#reply-pane .tiptap")).to_have_text("Half a sentence")
    assert Link.open(theirs.token)
    customer = visit(None, f"/c/{link.token}", forgive=("404",))
    expect(customer.locator("form[action='/link']")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_without_scripts(visit, noor, talk, mira):
    link = Link.of(talk, mira)
    page = visit(noor, f"/desk/c/{talk.pk}/", script=False)
    page.get_by_text("More", exact=True).click()
    page.get_by_text("End their links").click()
    page.get_by_label("The links of").select_option(label="Mira Okafor")
    page.get_by_role("button", name="End them").click()
    expect(page.locator("#thread")).to_contain_text("Noor Haddad ended the links of mira@lumen.example")
    assert Link.open(link.token) is None
