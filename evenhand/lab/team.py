"""The study's team as the simulator's agents: who can do what, on which hours, holidays left out."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from .calendar import WEEK, Calendar, dated, union, weekly
from .crew import Agent
from .refused import Refused
from .study import Study

AFTER = 26  # weeks written out beyond the study's last, in which what was left over is answered


def lanes(study: Study) -> int:
    return len(study.needs) if study.lanes_by_need else 1


def calendar(study: Study, hours: str) -> Calendar:
    """The working hours, by the week; written out by date where the study says when it begins."""
    if not study.team.begins:
        return weekly(hours)
    begins = date.fromisoformat(study.team.begins)
    try:
        zone = ZoneInfo(study.team.zone)
    except (KeyError, ValueError, OSError):
        raise Refused(f"There is no time zone “{study.team.zone}”; write for example Europe/Rome.") from None
    monday = begins - timedelta(days=begins.weekday())
    holidays = [date.fromisoformat(day) for day in study.team.holidays]
    return dated(hours, monday, int(study.weeks) + 1 + AFTER, zone, holidays)


def agents(study: Study) -> list[Agent]:
    """Those who can do everything first, then the groups in the study's order."""
    team, everything = study.team, tuple(range(lanes(study)))
    found = [Agent(everything, calendar(study, team.hours), team.at_once)] * team.agents
    names = list(study.needs)
    for group in team.groups.values():
        skills = tuple(sorted(names.index(need) for need in group.needs)) if group.needs else everything
        found += [Agent(skills, calendar(study, group.hours or team.hours), group.at_once)] * group.agents
    return found


def desk_hours(study: Study) -> Calendar:
    """Whenever anybody is on shift."""
    return union(list(dict.fromkeys(agent.calendar for agent in agents(study))))


def staffed_a_week(people: list[Agent]) -> float:
    """Agent-hours in a week."""
    return sum(agent.calendar.staffed / agent.calendar.period * WEEK for agent in people)
