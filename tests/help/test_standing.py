from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from evenhand.conversations.models import Conversation
from evenhand.line.models import Turn
from evenhand.people.models import Person
from evenhand.promise.models import Promise
from evenhand.web.help.standing import Standing
from evenhand.web.span import moment, words_between, zone_words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 60, "up to 1 minute"),
        (4 * 60, 12 * 60, "up to 15 minutes"),
        (17 * 60, 3 * 3600 + 60, "15 minutes to 4 hours"),
        (3600, 3660, "60 minutes to 65 minutes"),
        (2 * 3600, 2 * 3600, "about 2 hours"),
        (2.9 * 3600, 50 * 3600, "2 hours to 3 days"),
        (47 * 3600, 49 * 3600, "1 day to 3 days"),
    ],
)
def test_a_range_promises_too_little_rather_than_too_much(low, high, said):
    assert words_between(timedelta(seconds=low), timedelta(seconds=high)) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 2, 15, 5, tzinfo=UTC), "today at 16:05"),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "tomorrow at 0:30"),
        (datetime(2026, 3, 5, 8, 0, tzinfo=UTC), "Thursday 5 March at 9:00"),
        (datetime(2027, 1, 4, 8, 0, tzinfo=UTC), "Monday 4 January 2027 at 9:00"),
    ],
)
def test_a_moment_is_told_on_the_desks_clock(at, said):
    assert moment(at, BERLIN, now=datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) == said


def test_zones_have_names_people_know():
    assert zone_words("America/New_York") == "New York time"
    assert zone_words("UTC") == "UTC"


@pytest.fixture
def always_open(db):
    Promise.objects.create(weekly=[[[0, 1440]]] * 7, applies_from=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.django_db
def test_the_place_is_the_one_in_the_line(team, agent, always_open):
    people = [Person.at(f"p{n}@{n}.example") for n in range(4)]
    asked = [Conversation.start(person, team, f"q{n}", "?")[0] for n, person in enumerate(people)]
    assert [Standing.of(each).ahead for each in asked] == [0, 1, 2, 3]
    Conversation.take_next(agent)
    assert Standing.of(Conversation.objects.get(pk=asked[0].pk)).who == "Ada"
    assert [Standing.of(each).ahead for each in asked[1:]] == [0, 1, 2]


@pytest.mark.django_db
def test_the_expected_wait_is_the_middle_of_the_recent_ones(team, always_open):
    waiting, _ = Conversation.start(Person.at("w@w.example"), team, "q", "?")
    lane = Turn.objects.get(number=waiting.number).lane
    now = timezone.now()
    assert Standing.of(waiting, now).expected == ""
    for n in range(1, 11):  # waits of one to ten hours, long answered
        waited(lane, n, now - timedelta(days=n, hours=n), now - timedelta(days=n))
    assert Standing.of(waiting, now).expected == "2 hours to 9 hours"


def waited(lane, n: int, since: datetime, end: datetime) -> None:
    account = Person.at(f"e{n}@e{n}.example").account
    Turn.objects.create(
        number=-n, lane=lane, account=account, kind="first", waiting_since=since, due_at=end, open_at=end, claimed_at=end,
        ended_at=end, outcome="answered", round=n,
    )  # fmt: skip


@pytest.fixture
def in_the_evening(team):
    """A question asked on Wednesday at 21:00, after a week in which each was answered 20 to 60 minutes of work later."""
    Promise.objects.create(
        time_zone="Europe/Berlin", weekly=[[[540, 1020]]] * 5 + [[], []], applies_from=datetime(2020, 1, 1, tzinfo=UTC)
    )
    now = datetime(2026, 3, 11, 21, 0, tzinfo=BERLIN)
    conversation, _ = Conversation.start(Person.at("w@w.example"), team, "q", "?", at=now)
    return conversation, Turn.objects.get(number=conversation.number).lane, now


@pytest.mark.django_db
def test_at_night_the_expected_wait_knows_that_the_desk_is_closed(in_the_evening):
    """Of two who were answered within an hour of work one had waited minutes, the other a night."""
    conversation, lane, now = in_the_evening
    for n in range(1, 11):
        end = datetime(2026, 3, 10, 9 + n % 8, 30, tzinfo=BERLIN)
        waited(lane, n, end - timedelta(minutes=20 + 4 * n), end)
    for n in range(11, 21):
        waited(lane, n, datetime(2026, 3, 9, 21, 0, tzinfo=BERLIN), datetime(2026, 3, 10, 9, 20 + n, tzinfo=BERLIN))
    assert Standing.of(conversation, now).expected == "12 hours to 13 hours"
    assert Standing.of(conversation, now + timedelta(hours=11)).expected == "1 hour to 2 hours"


@pytest.mark.django_db
def test_where_agents_answer_at_night_too_the_wait_is_what_it_was(in_the_evening):
    conversation, lane, now = in_the_evening
    for n in range(1, 11):
        waited(lane, n, now - timedelta(days=1, hours=n), now - timedelta(days=1))
    assert Standing.of(conversation, now).expected == "2 hours to 9 hours"


@pytest.mark.django_db
def test_a_closed_desk_says_when_it_opens_and_a_late_one_that_it_is_late(team):
    Promise.objects.create(
        time_zone="Europe/Berlin", weekly=[[[540, 1020]]] * 5 + [[], []], applies_from=datetime(2020, 1, 1, tzinfo=UTC)
    )
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    conversation, _ = Conversation.start(Person.at("w@w.example"), team, "q", "?", at=saturday)
    standing = Standing.of(conversation, saturday)
    assert standing.opens == "Monday 9 March at 9:00"
    assert standing.due == "Monday 9 March at 17:00"
    assert not standing.late
    assert Standing.of(conversation, saturday + timedelta(days=4)).late


@pytest.mark.django_db
def test_every_state_has_its_words(team, agent, person, browser):
    from evenhand.conversations.models import Link

    def shown(conversation):
        return browser.get(f"/c/{Link.of(conversation, person).token}").content.decode()

    conversation, _ = Conversation.start(person, team, "q", "?")
    conversation.snooze(agent, timezone.now() + timedelta(days=9))
    assert "We come back to this" in shown(conversation)
    message = conversation.reply(agent, "An answer.")
    assert "It has reached us" in shown(conversation)  # nobody has the answer yet
    conversation.went(message, timezone.now())
    assert "We have answered" in shown(conversation)
    message = conversation.reply(agent, "And done.", close=True)
    assert "How was it?" not in shown(conversation)
    conversation.went(message, timezone.now())
    assert "How was it?" in shown(conversation)
    strange, _ = Conversation.start(person, team, "q", "?", problem="It could not be read.")
    assert "It has reached us" in shown(strange)
    assert "could not be read" not in shown(strange)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "initials"), [("Mira Lind", "ML"), ("田中 🍣", "田"), ("Zoë 🦊 Fox", "ZF"), ("🦊", "M"), ("", "M")]
)
def test_initials_are_letters(name, initials):
    assert Person.at("mira@calm.example", name).initials == initials
