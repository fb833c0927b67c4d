"""What people write, in their language: a small grammar of topics, phrasings and follow-ups."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "el": "Ιανουάριο Φεβρουάριο Μάρτιο Απρίλιο Μάιο Ιούνιο Ιούλιο Αύγουστο Σεπτέμβριο Οκτώβριο Νοέμβριο Δεκέμβριο",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
}
JOINED = ("ja", "zh")  # sentences follow one another without a space


@cache
def grammar(language: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words", f"{language}.toml").read_text("utf-8"))


class Words:
    """What is said in one conversation. The same random state says the same."""

    def __init__(self, random: Random, language: str, name: str, at: datetime, tag: str = "") -> None:
        self.random, self.language = random, language
        self.lists = grammar(language)
        topics = [topic for topic in self.lists["topic"] if not tag or topic["tag"] == tag]
        self.topic: dict[str, Any] = random.choice(topics or self.lists["topic"])
        self.case: dict[str, Any] = random.choice(self.topic["case"])
        # As people are addressed: the family name comes first where it is written first.
        self.slots = {
            "name": name,
            "first": name.split()[0] if name else "",
            "doc": random.choice(self.lists["doc"]),
            "device": random.choice(self.lists["device"]),
            "day": random.choice(self.lists["day"]),
            "month": self._month(at.month - 2),
            "n": str(random.randrange(2100, 9900)),
            "n2": str(random.randrange(24, 190)),
            "p": str(random.choice((12, 34, 47, 68, 81, 93, 99))),
            "p2": str(random.randrange(3, 20)),
            "hex": f"{random.getrandbits(64):016x}",
            "agent": "",
        }

    def _month(self, index: int) -> str:
        number = index % 12 + 1
        return f"{number}月" if self.language in JOINED else MONTHS[self.language].split()[number - 1]

    def _say(self, name: str) -> str:
        """One of the phrases of this name: the case's own, else the language's."""
        phrases = self.case.get(name) or self.lists[name]
        text: str = self.random.choice([phrases] if isinstance(phrases, str) else phrases).format_map(self.slots)
        return text

    def _letter(self, hello: str, body: list[str], bye: str) -> str:
        sentences = ("" if self.language in JOINED else " ").join(part for part in body if part)
        return "\n\n".join(part for part in (hello, sentences, bye) if part)

    def subject(self) -> str:
        said, doc = capital(self._say("subject")), self.slots["doc"]
        if doc in said or self.random.random() < 0.65:
            return said
        between = self.random.choice((": ", " – ", ", "))
        return f"{said}{between}{doc}"

    def question(self) -> str:
        """How the customer begins."""
        body = [capital(self._say("open"))]
        details = self.random.sample(
            self.topic["detail"], min(len(self.topic["detail"]), self.random.choice((0, 1, 1, 2)))
        )
        body += [each.format_map(self.slots) for each in details]
        return self._letter(self._say("hello"), [*body, self._say("ask")], self._say("bye"))

    def customer(self, kind: str) -> str:
        """What the customer writes later: `more` when asked, `still` when it did not help, `thanks`."""
        bye = self.slots["first"] if self.random.random() < 0.5 else ""
        return self._letter("", [self._say(kind)], bye)

    def agent(self, kind: str, name: str) -> str:
        """What an agent writes: `need_more`, `answer`, `final` or `glad`."""
        self.slots["agent"] = name.split()[0]
        hello = self._say("hello_agent")
        # German and Polish go on in small letters after a greeting's comma.
        goes_on = self.language in ("de", "pl") and hello.endswith(",")
        said = self._say(kind)
        return self._letter(hello, [said if goes_on else capital(said)], self._say("bye_agent"))

    def word(self, score: int) -> str:
        return self._say("praise" if score >= 4 else "grumble")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
