"""The live line against the same rules written down the slow, obvious way."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.line import taking
from evenhand.line.models import Turn

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Obvious:
    """One lane as a list of accounts, each with a list of numbers."""

    def __init__(self) -> None:
        self.queue: list[int] = []
        self.waiting: dict[int, list[int]] = {}

    def ask(self, account: int, number: int) -> None:
        if not self.waiting.setdefault(account, []):
            self.queue.append(account)
        self.waiting[account].append(number)

    def take(self) -> int | None:
        if not self.queue:
            return None
        account = self.queue.pop(0)
        number = self.waiting[account].pop(0)
        if self.waiting[account]:
            self.queue.append(account)
        return number

    def withdraw(self, account: int, number: int) -> None:
        self.waiting[account].remove(number)
        if not self.waiting[account]:
            self.queue.remove(account)


acts = st.lists(st.one_of(st.tuples(st.just("ask"), st.integers(0, 4)), st.tuples(st.just("take"), st.just(0)),
                          st.tuples(st.just("withdraw"), st.integers(0, 200))), max_size=40)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_any_history_is_served_in_the_obvious_order(team, ada, accounts, acts):
    Turn.objects.all().delete()
    obvious, now, live = Obvious(), START, []
    for number, (act, which) in enumerate(acts, start=1):
        now += timedelta(seconds=1)
        if act == "ask":
            Turn.join(number, accounts[which].pk, "question", "first", team.pk, since=now)
            obvious.ask(which, number)
            live.append((which, number))
        elif act == "withdraw" and live:
            account, gone = live.pop(which % len(live))
            Turn.end(gone, "withdrawn", now)
            obvious.withdraw(account, gone)
        elif act == "take":
            with patch("django.utils.timezone.now", return_value=now):
                turn = taking.take_next(ada)
            expected = obvious.take()
            assert (turn.number if turn else None) == expected
            live = [pair for pair in live if pair[1] != expected]
    while (expected := obvious.take()) is not None:
        now += timedelta(seconds=1)
        with patch("django.utils.timezone.now", return_value=now):
            assert taking.take_next(ada).number == expected
    assert taking.take_next(ada) is None
