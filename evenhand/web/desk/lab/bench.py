"""What a reader asks the lab: a study to begin with, the numbers changed, the policies to compare."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.http import Http404, QueryDict

from evenhand.lab import toml
from evenhand.lab.refused import Refused
from evenhand.lab.study import Study
from evenhand.web.study import KeptStudy

from . import policies
from .running import Unplayed, compared
from .sliders import Sliders, usual
from .waits import answer, kept, longest, schemes

MADE_UP = "A made-up vendor of a thousand customers"
NUMBERS = tuple(field.name for field in fields(Sliders))


@dataclass(frozen=True)
class Bench:
    """One address of the lab's page. `given` is as it was typed, so that nothing is lost when it cannot be used."""

    given: QueryDict
    base: KeptStudy | None
    beside: KeptStudy | None
    study: Study

    @classmethod
    def of(cls, given: QueryDict) -> Bench:
        """Raises Http404 for a saved study that is not there, Refused for one that no longer can be read."""
        base, beside = _saved(given.get("study", "")), _saved(given.get("beside", ""))
        return cls(given, base, beside, toml.read(base.toml) if base else Study(name=MADE_UP))

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return any(name in self.given for name in (*NUMBERS, "policy"))

    @property
    def policies(self) -> tuple[str, ...]:
        """As ticked; without any the study's own, or those that show the range. Raises Refused."""
        ticked = tuple(dict.fromkeys(self.given.getlist("policy")))
        if unknown := [name for name in ticked if name not in self.known]:
            raise Refused(f"There is no policy “{unknown[0][:40]}”. Choose from those on the page.")
        if len(ticked) > policies.MOST:
            raise Refused(f"A page compares at most {policies.MOST} policies; {len(ticked)} are ticked.")
        return ticked or self.at_first

    @property
    def known(self) -> dict[str, str]:
        """The ways of selling there are to choose from: the study's own first, and what it put together."""
        own = {name: scheme.title or name.replace("_", " ") for name, scheme in self.study.schemes.items()}
        said = own | policies.POLICIES
        put = {
            name: " + ".join(said.get(part.strip(), part) for part in name.split("+")) for name in self.study.policies
        }
        return own | {name: title for name, title in put.items() if "+" in name} | policies.POLICIES

    @property
    def at_first(self) -> tuple[str, ...]:
        return self.study.policies[: policies.MOST] if self.base else policies.AT_FIRST

    def played_study(self) -> Study:
        """The study with the reader's numbers. Raises Refused."""
        return Sliders.read(self.given, self.study).applied(self.study, self.policies)

    def sliders(self) -> dict[str, Any]:
        """The values to show: what was typed, else the study's own."""
        at_first = Sliders.of(self.study)
        values = {name: self.given.get(name, f"{getattr(at_first, name):g}") for name in NUMBERS}
        return {
            "value": values, "at_first": at_first, "usual": usual(self.study), "plans": list(self.study.plans),
            "ticked": self.given.getlist("policy") or self.at_first, "known": self.known,
            "most_agents": max(40, 3 * at_first.agents), "most_promise": max(48, 3 * round(at_first.promise)),
        }  # fmt: skip

    def outcome(self, play: bool) -> dict[str, Any]:
        """What to show beneath: the answer and all that it rests on, or a sentence saying why there is none. Without
        `play` nothing is played: who only counts the boxes anew needs no study."""
        context: dict[str, Any] = {"bench": self, "query": self.given.urlencode(), "status": 200}
        if not self.asked or not play:
            return context
        try:
            study = self.played_study()
            text = toml.written(study)
            result = kept(compared(text))
        except (Refused, Unplayed) as refused:
            return context | {"problem": str(refused), "status": getattr(refused, "status", 400)}
        others = [(self.beside, self.beside.result)] if self.beside and self.beside.result else []
        return context | {
            "study": study, "result": result, "answer": answer(result), "schemes": schemes(result),
            "longest": longest(result, *(its for _, its in others)),
            "beside": [(other, answer(its), schemes(its)) for other, its in others],
        }  # fmt: skip


def _saved(key: str) -> KeptStudy | None:
    if not key:
        return None
    found = KeptStudy.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if not found:
        raise Http404
    return found
