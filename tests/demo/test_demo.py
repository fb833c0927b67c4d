"""The demo desk holds together as if its history had happened there."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import Count, F, Q

from evenhand.channels.models import Letter
from evenhand.conversations.models import Attachment, Conversation, Event, Look, Message
from evenhand.conversations.row import one_line
from evenhand.demo import fill
from evenhand.demo.cast import AGENTS, CUSTOMERS, FLOOD, TWINS
from evenhand.line import taking
from evenhand.line.models import Claim, Lane, Skip, Turn
from evenhand.parity.models import Opinion
from evenhand.people.models import Account, Agent, Person
from evenhand.promise.models import Promise
from evenhand.surveys.models import Rating
from evenhand.web.desk import listing
from evenhand.web.desk.boxes import BOXES
from evenhand.web.desk.filters import Filters


def test_it_is_as_large_and_as_varied_as_said(demo: datetime) -> None:
    assert 2500 <= Conversation.objects.count() <= 2510
    assert 300 <= Person.objects.count() <= 305
    assert 36 <= Account.objects.exclude(name="").count() <= 46
    assert {each.email for each in AGENTS} == set(Agent.objects.values_list("email", flat=True))
    assert len(set(Conversation.objects.values_list("language", flat=True)) - {""}) == 12
    assert 80 <= Turn.objects.waiting().count() <= 100
    assert Turn.objects.waiting().values("lane").distinct().count() > 10
    states = Counter(Conversation.objects.values_list("state", flat=True))
    assert states["quarantined"] == 5
    assert states["snoozed"] > 2
    assert Claim.objects.filter(way="out_of_turn").exclude(reason="").count() > 10
    assert Skip.objects.count() > 10
    assert Rating.objects.exclude(word="").count() > 100
    assert all(Opinion.counted())  # some agree with the pledge, some do not
    assert Opinion.objects.filter(state="waiting").count() == 1
    assert Attachment.objects.count() > 50
    # Most lists show subjects that differ.
    assert Conversation.objects.values("subject").distinct().count() > 800


def test_nothing_is_dated_after_now(demo: datetime) -> None:
    for model, field in (
        (Message, "at"),
        (Event, "at"),
        (Turn, "waiting_since"),
        (Claim, "at"),
        (Rating, "at"),
        (Opinion, "at"),
    ):
        assert not model.objects.filter(**{f"{field}__gt": demo}).exists()


def test_numbers_follow_time(demo: datetime) -> None:
    opened = list(
        Conversation.objects.exclude(state="quarantined").order_by("number").values_list("opened_at", flat=True)
    )
    assert opened == sorted(opened)


def test_only_what_customers_said_last_is_new_to_an_agent(demo: datetime) -> None:
    for agent in Agent.objects.all():
        for box in ("mine", "closed"):
            rows = listing.page(BOXES[box], Filters(), agent.pk).rows
            assert rows
            assert all(row.waits for row in rows if row.news)
    assert Look.objects.filter(seen__lt=F("conversation__changed_at")).exists()


def test_who_waits_has_one_live_turn_and_nobody_else(demo: datetime) -> None:
    live = {turn.number: turn for turn in Turn.objects.live()}
    waiting = {each.number: each for each in Conversation.objects.filter(waiting_since__isnull=False)}
    assert live.keys() == waiting.keys()
    for number, conversation in waiting.items():
        assert conversation.state == "open"
        assert conversation.due_at == live[number].due_at
        assert conversation.waiting_since == live[number].waiting_since
        assert conversation.need == live[number].lane.need


def test_what_is_due_is_due_by_the_promise_of_its_day(demo: datetime) -> None:
    for turn in Turn.objects.select_related("lane").order_by("-id")[:400]:
        promise = Promise.current(turn.waiting_since)
        assert turn.due_at == promise.due_after(turn.waiting_since, turn.lane.need, turn.kind)


def test_each_account_has_one_place_in_a_lane_and_the_rest_stand_behind(demo: datetime) -> None:
    places: dict[tuple[int, int, int | None], list[Turn]] = defaultdict(list)
    for turn in Turn.objects.waiting().order_by("waiting_since", "id"):
        places[turn.lane_id, turn.account_id, turn.for_agent_id].append(turn)
    for turns in places.values():
        assert sum(turn.round is not None for turn in turns) == 1


def test_rounds_grow_with_each_start_of_an_account_and_the_lane_knows_the_last(demo: datetime) -> None:
    for lane in Lane.objects.all():
        started = Turn.objects.filter(lane=lane, claimed_at__isnull=False, round__isnull=False)
        assert lane.current_round == max((turn.round for turn in started), default=0)
    first_time = Turn.objects.filter(claimed_at__isnull=False, for_agent=None).annotate(claims_made=Count("claims"))
    rounds: dict[tuple[int, int], int] = defaultdict(int)
    for turn in first_time.filter(claims_made=1, claims__way="next", skips=None).order_by("claimed_at"):
        assert turn.round > rounds[turn.lane_id, turn.account_id]
        rounds[turn.lane_id, turn.account_id] = turn.round


def test_the_live_desk_goes_on_where_the_history_ends(demo: datetime) -> None:
    """Whoever is offered something can take it, and it is the head of its lane."""
    for agent in Agent.objects.all():
        offered = taking.offer(agent)
        if offered and offered.for_agent_id is None:
            assert offered.round is not None
            earlier = Turn.objects.before(offered).filter(Q(for_agent=None) | Q(for_agent=agent))
            assert not earlier.exclude(skips__agent=agent).exists()


def test_a_conversation_counts_and_previews_its_messages(demo: datetime) -> None:
    counted = Conversation.objects.annotate(written=Count("messages"))
    assert not counted.exclude(message_count=F("written")).exists()
    for conversation in Conversation.objects.order_by("-number")[:300].prefetch_related("messages"):
        said = [each for each in conversation.messages.all() if each.kind != "note"]
        latest = max(said, key=lambda each: each.pk)
        assert conversation.preview == one_line(latest.text)[:200]


def test_states_agree_with_what_is_kept_of_them(demo: datetime) -> None:
    wrong = (
        Q(state="closed", closed_at=None) | Q(state="snoozed", snoozed_until=None) | Q(state="quarantined", problem="")
    )
    wrong |= ~Q(state="closed") & Q(closed_at__isnull=False)
    wrong |= Q(state="snoozed", snoozed_until__lte=demo)
    assert not Conversation.objects.filter(wrong).exists()
    answered = set(Message.objects.filter(kind="agent").values_list("conversation", flat=True))
    assert answered == set(Conversation.objects.exclude(first_replied_at=None).values_list("number", flat=True))


def test_every_answer_has_been_sent(demo: datetime) -> None:
    """Else the demo would send thousands of letters when it starts."""
    assert not Message.objects.to_send().exists()


def test_no_text_has_a_gap_left(demo: datetime) -> None:
    assert not Message.objects.filter(Q(text__contains="{") | Q(text__contains="}") | Q(text="")).exists()
    assert not Conversation.objects.filter(Q(subject__contains="{") | Q(subject="")).exists()


def test_the_cast_is_there(demo: datetime) -> None:
    for member in CUSTOMERS:
        person = Person.objects.get(addresses__email=member.email)
        assert (person.name, person.language, person.account.name) == (
            member.name,
            member.language,
            member.organisation,
        )
    assert Agent.nobody_yet() is False
    assert not Agent.objects.filter(last_login=None).exists()  # who has answered for months is not merely invited


def test_the_flood_came_within_an_hour_and_others_were_served_meanwhile(demo: datetime) -> None:
    flood = Conversation.objects.filter(person__addresses__email=FLOOD.email, subject__startswith="Order sheet")
    opened = sorted(flood.values_list("opened_at", flat=True))
    assert len(opened) == 60
    assert (opened[-1] - opened[0]).total_seconds() <= 3600
    first = Turn.objects.filter(number__in=flood.values("number"), kind="first")
    started = sorted(turn.claimed_at for turn in first if turn.claimed_at)
    assert Claim.objects.filter(at__range=(started[0], started[-1])).exclude(turn__in=first).count() > 20


def test_the_twins_write_the_same(demo: datetime) -> None:
    said = [
        list(
            Message.objects.filter(person__addresses__email=twin.email, conversation__message_count__gt=0)
            .order_by("conversation__opened_at")
            .values_list("conversation__subject", "conversation__need_first")
            .distinct()
        )
        for twin in TWINS
    ]
    assert said[0] == said[1]
    assert len({each[0] for each in said[0]}) == 4


def test_letters_add_up(demo: datetime) -> None:
    assert all(box["adds_up"] for box in Letter.account())
    assert Letter.objects.filter(outcome="stored").count() > 1500


def test_filling_twice_does_nothing(demo: datetime) -> None:
    before = Conversation.objects.count()
    assert not fill(until=demo)
    assert Conversation.objects.count() == before
