"""Which agents may take a conversation: a pool is only as narrow as it must be."""

from __future__ import annotations

from collections.abc import Iterable

from .agent import Agent


def narrowed(value: str, skills: Iterable[list[str]]) -> str:
    """`value` (a language or a topic) when some agents can take it and some cannot, else "" (anyone).

    A pool that everyone can serve would only split the line; one that nobody can serve would never be served.
    """
    able = [not skill or value in skill for skill in skills]
    return value if any(able) and not all(able) else ""


def pool_of(team_id: int, language: str, topic: str) -> tuple[str, str]:
    """The (language, topic) of the lane in which a conversation of this team waits."""
    if not language and not topic:
        return "", ""
    agents = list(Agent.objects.filter(teams=team_id, is_active=True).values_list("languages", "topics"))
    return narrowed(language, [each[0] for each in agents]), narrowed(topic, [each[1] for each in agents])
