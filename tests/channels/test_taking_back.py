"""Undo: an answer that has not left can be taken back, and the customer keeps the place they had."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.channels import recall, sending
from evenhand.conversations.message import TooLate
from evenhand.conversations.models import Conversation, Draft, Message
from evenhand.line import taking
from evenhand.line.models import Turn

from .post import arrive, write

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=10)


def soon():
    return timezone.now() + SOON


@pytest.fixture
def conversation(mailbox):
    return arrive(write("My printer is on fire.")).conversation


def state_of(conversation):
    fresh = Conversation.objects.get(pk=conversation.pk)
    turn = Turn.objects.live().filter(number=fresh.pk).values_list("pk", "round", "turn_since", "claimed_by").first()
    return (
        fresh.state,
        fresh.waiting_since,
        fresh.due_at,
        fresh.first_replied_at,
        fresh.message_count,
        fresh.preview,
        turn,
    )


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("close", [True, False])
def test_all_is_as_if_it_had_not_been_written(conversation, ada, taken, close):
    if taken:
        conversation.take_next(ada)
    before = state_of(conversation)
    message = conversation.reply(ada, "Use oil.", html="<p>Use oil.</p>", leaves_at=soon(), close=close)
    assert state_of(conversation) != before
    draft = conversation.take_back(ada, message.pk)
    assert state_of(conversation) == before
    assert draft.html == "<p>Use oil.</p>"
    assert not Message.objects.filter(kind="agent").exists()
    assert sending.send_all() == 1  # the acknowledgement, and nothing else


def test_words_without_markup_come_back_escaped(conversation, ada):
    message = conversation.reply(ada, "a < b\n\nc", leaves_at=soon())
    assert conversation.take_back(ada, message.pk).html == "<p>a &lt; b</p>\n\n<p>c</p>"


def test_what_was_begun_since_is_kept(conversation, ada):
    message = conversation.reply(ada, "One", html="<p>One</p>", leaves_at=soon())
    Draft.objects.create(conversation=conversation, agent=ada, html="<p>Two</p>")
    assert conversation.take_back(ada, message.pk).html == "<p>One</p><p>Two</p>"


def test_the_place_is_kept_though_the_next_of_the_account_moved_up(conversation, ada):
    second = arrive(write("Another question.")).conversation
    before = state_of(conversation), state_of(second)
    message = conversation.reply(ada, "Use oil.", leaves_at=soon())
    assert Turn.objects.get(number=second.pk).round is not None
    conversation.take_back(ada, message.pk)
    assert (state_of(conversation), state_of(second)) == before
    assert taking.take_next(ada).number == conversation.pk


def test_asking_again_meanwhile_counts_once(conversation, ada):
    since = Turn.objects.get(number=conversation.pk).turn_since
    message = conversation.reply(ada, "Use oil.", leaves_at=soon())
    conversation.receive(conversation.person, "Hello?")
    conversation.take_back(ada, message.pk)
    assert Turn.objects.live().get(number=conversation.pk).turn_since == since


def test_too_late_or_not_yours(conversation, ada, settings):
    settings.EVENHAND_OUTBOUND = ""
    sent = conversation.reply(ada, "Gone.", leaves_at=timezone.now())
    sending.send_all()
    with pytest.raises(TooLate):
        recall.take_back(sent, ada)
    mine = conversation.reply(ada, "Mine.", leaves_at=soon())
    other = type(ada).objects.create_user("eve@desk.example", name="Eve")
    for agent, pk in ((other, mine.pk), (ada, 0), (ada, conversation.messages.first().pk)):
        with pytest.raises(TooLate):
            conversation.take_back(agent, pk)
    assert recall.take_back(mine, ada).html == "<p>Mine.</p>"


def test_an_earlier_answer_taken_back_leaves_the_later_one_standing(conversation, ada):
    first = conversation.reply(ada, "One", leaves_at=soon())
    conversation.reply(ada, "Two", leaves_at=soon())
    conversation.take_back(ada, first.pk)
    assert not Turn.objects.live().filter(number=conversation.pk).exists()


def test_who_was_merged_since_waits_where_they_were_merged_into(conversation, ada):
    other = arrive(write("Another question.")).conversation
    other.reply(ada, "Read the manual.", at=timezone.now() - timedelta(minutes=2))
    since = Turn.objects.get(number=conversation.pk).waiting_since
    message = conversation.reply(ada, "Use oil.")
    conversation.merge(other, ada)
    message.refresh_from_db()
    assert recall.take_back(message, ada).conversation == other
    other.refresh_from_db()
    assert (other.waiting_since, Turn.objects.live().get(number=other.pk).waiting_since) == (since, since)
