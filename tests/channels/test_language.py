"""The language of what somebody wrote is kept with it, and said to whoever reads it aloud."""

import pytest
from django.test import Client

from evenhand.channels.wording import wording_in

from .post import arrive, write

pytestmark = pytest.mark.django_db
GERMAN = "Guten Tag, unser Drucker brennt schon wieder und niemand weiß, wie man ihn löschen kann."
FRENCH = "Bonjour, notre imprimante est encore en feu et personne ne sait comment l'éteindre, merci."


def test_each_letter_of_a_conversation_has_its_own(ada):
    first = arrive(write(GERMAN))
    conversation = first.conversation
    from evenhand.channels.token import reply_address

    second = arrive(write(FRENCH), envelope_to=(reply_address(first.mailbox.address, conversation.pk),))
    assert second.conversation == conversation
    assert [each.language for each in conversation.messages.order_by("pk")] == ["de", "fr"]
    client = Client()
    client.force_login(ada)
    page = client.get(f"/desk/c/{conversation.pk}/").content.decode()
    assert 'dir="auto" lang="de"' in page
    assert 'dir="auto" lang="fr"' in page


def test_too_few_words_have_none(mailbox):
    assert arrive(write("Ok")).message.language == ""


def test_letters_are_in_the_desks_own_language_where_we_do_not_speak_the_customers(settings):
    settings.EVENHAND_LANGUAGE = "pl"
    assert [wording_in(each).subject.split()[0] for each in ("", "tlh", "de-AT")] == [
        "Otrzymaliśmy",
        "Otrzymaliśmy",
        "Ihr",
    ]
