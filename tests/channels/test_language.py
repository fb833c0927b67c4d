"""The language of what somebody wrote is kept with it, and said to whoever reads it aloud."""

import pytest
from django.test import Client

from evenhand.channels.models import Outgoing
from evenhand.channels.wording import wording_in
from evenhand.conversations.models import Link

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


def test_the_subject_helps_where_the_words_are_too_few(mailbox):
    assert arrive(write("CSV import fails", subject="We cannot log in since this morning")).message.language == "en"
    assert arrive(write(GERMAN, subject="We cannot log in since this morning")).message.language == "de"


def test_a_guess_makes_no_foreigner_of_a_customer(mailbox):
    """Most like French, by a hair: the letter is in the desk's language, and the page in the browser's."""
    conversation = arrive(write("CSV import fails", subject="CSV import")).conversation
    assert (conversation.language, conversation.person.language) == ("", "")
    assert wording_in("en").subject.format(number=conversation.pk).encode() in bytes(Outgoing.objects.get().raw)
    page = Client().get(f"/c/{Link.objects.get().token}", headers={"accept-language": "sv"})
    assert page["Content-Language"] == "sv"


def test_whoever_wrote_before_is_answered_as_then(mailbox):
    arrive(write(GERMAN, sender="mira@calm.example"))
    again = arrive(write("CSV import fails", subject="CSV", sender="mira@calm.example")).conversation
    assert again.language == ""
    letter = bytes(Outgoing.objects.get(conversation=again.pk).raw)
    assert wording_in("de").subject.format(number=again.pk).encode() in letter
    page = Client().get(f"/c/{Link.objects.get(conversation=again).token}", headers={"accept-language": "sv"})
    assert page["Content-Language"] == "de"


def test_letters_are_in_the_desks_own_language_where_we_do_not_speak_the_customers(settings):
    settings.EVENHAND_LANGUAGE = "pl"
    assert [wording_in(each).subject.split()[0] for each in ("", "tlh", "de-AT")] == [
        "Otrzymaliśmy",
        "Otrzymaliśmy",
        "Ihr",
    ]
