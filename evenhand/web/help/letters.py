"""The letters that customers' pages make. None carries a word of whoever filled in a form: with it, anyone could make us
write anything to anybody."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation

from evenhand.channels.models import Outgoing
from evenhand.conversations.models import Conversation, Link
from evenhand.people.models import Person
from evenhand.web.language import spoken
from evenhand.web.span import date_words
from evenhand.web.wording import wording


def write_fresh_links(conversations: Sequence[Conversation], person: Person, to: str) -> Outgoing:
    """New links to a person's conversations, told apart by number and day, in the language of the latest of them."""
    language = spoken(*(each.language for each in conversations), person.language) or settings.EVENHAND_LANGUAGE
    with translation.override(language):
        say = wording().letter
        links = "\n\n".join(
            f"{say.each.format(number=each.number, date=date_words(each.opened_at))}\n{Link.of(each, person).url}"
            for each in conversations
        )
        text = say.fresh.format(links=links, desk=settings.EVENHAND_NAME)
        subject = say.subject.format(desk=settings.EVENHAND_NAME)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [to], subject, text, language=language)
