"""What customers and agents do to a conversation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.conversations import belonging
from evenhand.conversations.models import Conversation, Message
from evenhand.line.models import Turn
from evenhand.people.models import Agent, Person, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Support")


@pytest.fixture
def ada(team):
    agent = Agent.objects.create_user("ada@desk.example", name="Ada")
    agent.teams.add(team)
    return agent


@pytest.fixture
def person():
    return Person.at("mia@customer.example", "Mia")


@pytest.fixture
def conversation(team, person):
    return Conversation.start(person, team, "It does not start", "It says no.")[0]


def fresh(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def test_a_new_conversation_waits_with_a_due_time(conversation):
    turn = Turn.objects.get(number=conversation.number)
    assert (turn.kind, turn.due_at, turn.waiting_since) == ("first", conversation.due_at, conversation.waiting_since)
    assert conversation.preview == "It says no."


def test_a_reply_ends_the_wait_and_the_next_letter_begins_another(conversation, ada, person):
    conversation.reply(ada, "Try this.")
    assert (fresh(conversation).waiting_since, Turn.objects.get().outcome) == (None, "answered")
    conversation.receive(person, "Thanks, but no.")
    turn = Turn.objects.live().get()
    assert (turn.kind, turn.for_agent) == ("next", ada)


def test_writing_twice_while_waiting_keeps_the_place(conversation, person):
    before = Turn.objects.get()
    conversation.receive(person, "Hello?")
    assert Turn.objects.get() == before
    assert fresh(conversation).message_count == 2


def test_a_reply_that_closes(conversation, ada, person):
    conversation.reply(ada, "Done.", close=True)
    assert fresh(conversation).state == "closed"
    conversation.receive(person, "It is back.")
    assert fresh(conversation).state == "open"
    assert Turn.objects.live().exists()
    assert [event.what for event in conversation.events.order_by("id")] == ["closed", "reopened"]


def test_an_automatic_letter_reopens_nothing(conversation, ada, person):
    conversation.reply(ada, "Done.", close=True)
    conversation.receive(person, "I am on holiday.", automatic=True)
    assert fresh(conversation).state == "closed"
    assert not Turn.objects.live().exists()


def test_closing_unanswered_withdraws_the_turn(conversation, ada):
    conversation.close(ada)
    assert Turn.objects.get().outcome == "withdrawn"
    conversation.reopen(ada)
    assert Turn.objects.live().get().number == conversation.number


def test_a_snooze_ends_by_itself_or_by_a_letter(conversation, ada, person):
    conversation.snooze(ada, timezone.now() + timedelta(days=1))
    assert fresh(conversation).state == "snoozed"
    conversation.wake()
    assert (fresh(conversation).state, Turn.objects.live().count()) == ("open", 1)
    conversation.snooze(ada, timezone.now() + timedelta(days=1))
    conversation.receive(person, "Any news?")
    assert (fresh(conversation).state, fresh(conversation).snoozed_until) == ("open", None)


def test_a_corrected_need_is_a_row_and_changes_the_due_time(conversation, ada):
    due = conversation.due_at
    conversation.correct_need("blocked", "They cannot log in at all", agent=ada)
    assert fresh(conversation).due_at < due
    assert fresh(conversation).need_first == "question"
    event = conversation.events.get(what="need corrected")
    assert event.data == {"before": "question", "after": "blocked", "reason": "They cannot log in at all"}


def test_a_note_is_not_for_the_customer(conversation, ada):
    conversation.note(ada, "Careful, this is delicate.")
    assert not Message.objects.filter(conversation=conversation).for_customer().filter(kind="note").exists()
    assert fresh(conversation).preview == "It says no."
    assert fresh(conversation).waiting_since


def test_an_answer_that_can_still_be_taken_back_is_not_shown_yet(conversation, ada):
    conversation.reply(ada, "Wait", leaves_at=timezone.now() + timedelta(seconds=10))
    assert conversation.messages.for_customer().count() == 1


def test_merging_keeps_the_older_wait(team, person, ada, conversation):
    other, _ = Conversation.start(person, team, "The same again", "Still no.")
    conversation.merge(other, ada)
    assert fresh(conversation).state == "merged"
    assert other.messages.count() == 2
    assert fresh(other).message_count == 2
    assert Turn.objects.live().count() == 1


def test_two_conversations_are_not_merged_each_into_the_other(team, ada, conversation):
    """Two agents have both pages open; without a look under the lock both conversations were gone, and led in a circle."""
    other, _ = Conversation.start(conversation.person, team, "Again", "The same again.")
    seen = [
        Conversation.objects.get(pk=each.pk) for each in (other, conversation)
    ]  # as the second agent's page has them
    conversation.merge(other, ada)
    for into in (seen[0], Conversation.objects.get(pk=other.pk)):
        with pytest.raises(ValueError, match="merged already"):
            Conversation.objects.get(pk=conversation.pk).merge(into, ada)
    with pytest.raises(ValueError, match="merged already"):
        seen[0].merge(seen[1], ada)
    assert Conversation.objects.get(pk=other.pk).state == "open"
    assert Message.objects.filter(conversation=other).count() == 2


def test_two_people_are_not_joined_each_with_the_other(team, ada, conversation):
    other = Person.at("otto@other.example")
    belonging.merge(other, conversation.person, ada, "One person.")
    with pytest.raises(ValueError, match="one person already"):
        belonging.merge(conversation.person, other, ada, "One person.")
    assert Person.at("otto@other.example").pk == conversation.person_id


def test_two_peoples_words_are_not_merged(team, ada, conversation):
    other, _ = Conversation.start(Person.at("eve@elsewhere.example"), team, "The same again", "Still no.")
    with pytest.raises(ValueError, match="two people's"):
        conversation.merge(other, ada)


def test_a_quarantined_letter_waits_only_when_released(team, person, ada):
    conversation, _ = Conversation.start(person, team, "?", "", problem="This letter could not be read.")
    assert not Turn.objects.exists()
    conversation.release(ada)
    turn = Turn.objects.live().get()
    assert turn.waiting_since == conversation.opened_at


def test_assigning_hands_the_turn_over(conversation, ada, team):
    Conversation.take_next(ada)
    grace = Agent.objects.create_user("grace@desk.example", name="Grace")
    grace.teams.add(team)
    conversation.assign(grace, by=ada)
    assert Turn.objects.live().get().claimed_by == grace
    assert fresh(conversation).assignee == grace


def test_putting_back_needs_a_reason_and_frees_it(conversation, ada):
    Conversation.take_next(ada)
    conversation.put_back(ada, "I do not know this part")
    assert fresh(conversation).assignee is None
    assert Turn.objects.waiting().exists()


def test_foreign_teams_see_nothing(conversation, ada):
    stranger = Agent.objects.create_user("eve@desk.example", name="Eve")
    assert list(Conversation.objects.visible_to(ada)) == [conversation]
    assert not Conversation.objects.visible_to(stranger).exists()


def test_a_subject_cannot_break_a_header(team, person):
    conversation, _ = Conversation.start(person, team, "Hello\r\nBcc: all@example.com", "x\0y")
    assert conversation.subject == "Hello Bcc: all@example.com"
    assert conversation.messages.get().text == "xy"
