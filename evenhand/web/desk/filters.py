"""What a list may be narrowed by: a short list, and what a customer pays is not on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.conf.locale import LANG_INFO
from django.utils.http import urlencode

from evenhand.promise.need import Need

PERMITTED = ("need", "tag", "language", "assignee")


class Unknown(ValueError):
    """A filter that does not exist, or a value it cannot have. Carries the sentence for the agent."""


def language_name(code: str) -> str:
    return str(LANG_INFO.get(code, {}).get("name", code)).capitalize() if code else ""


@dataclass(frozen=True)
class Filters:
    """One choice of each permitted filter; empty for no choice."""

    need: str = ""
    tag: str = ""
    language: str = ""
    assignee: str = ""  # an agent's id, "me" or "nobody"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From an address's query. Raises Unknown."""
        for name in query:
            if name not in (*PERMITTED, "after"):
                raise Unknown(
                    f"Lists cannot be narrowed or sorted by “{name[:40]}”. They can by {', '.join(PERMITTED)}."
                )
        chosen = cls(**{name: query[name].strip() for name in PERMITTED if query.get(name, "").strip()})
        chosen._check()
        return chosen

    def _check(self) -> None:
        if self.need and self.need not in Need.values:
            raise Unknown(f"There is no need called “{self.need[:40]}”. There are {', '.join(Need.values)}.")
        if len(self.tag) > 40 or "\0" in self.tag:
            raise Unknown("A tag has at most 40 letters.")
        if self.language and not (len(self.language) <= 8 and self.language.replace("-", "").isalnum()):
            raise Unknown("A language is a short code such as “de”.")
        known = self.assignee in ("me", "nobody") or (self.assignee.isdecimal() and len(self.assignee) < 19)
        if self.assignee and not known:
            raise Unknown("An assignee is “me”, “nobody” or a colleague from the list.")

    def where(self) -> str:
        """As SQL conditions on `c`, with parameters named as in `values`."""
        return "".join(
            (
                " AND c.need = %(need)s" if self.need else "",
                " AND c.tags @> ARRAY[%(tag)s]::varchar[]" if self.tag else "",
                " AND c.language = %(language)s" if self.language else "",
                " AND c.assignee_id IS NULL" if self.assignee == "nobody" else "",
                " AND c.assignee_id = %(assignee)s" if self.assignee not in ("", "nobody") else "",
            )
        )

    def values(self, agent_id: int) -> dict[str, object]:
        who = agent_id if self.assignee == "me" else int(self.assignee) if self.assignee.isdecimal() else None
        return {"need": self.need, "tag": self.tag, "language": self.language, "assignee": who}

    @property
    def query(self) -> str:
        """As it stands in the address, without the question mark."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def without(self, name: str) -> str:
        return urlencode({key: value for key, value in asdict(self).items() if value and key != name})

    @property
    def chosen(self) -> list[tuple[str, str, str]]:
        """(filter, value in words, the query without it) for each choice."""
        words = {
            "need": Need(self.need).label if self.need else "",
            "tag": f"#{self.tag}",
            "language": language_name(self.language),
            "assignee": {"me": "Mine", "nobody": "Nobody's"}.get(self.assignee, "One colleague's"),
        }
        return [(name, words[name], self.without(name)) for name, value in asdict(self).items() if value]
