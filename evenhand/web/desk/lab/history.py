"""A history played again: the desk's own, with plans that the reader assumes, or a file of any other desk."""

from __future__ import annotations

import io
import random
import shlex
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from evenhand.lab.refused import Refused
from evenhand.promise.models import Promise
from evenhand.reports import history as own
from evenhand.web.desk.page import desk_page, refused
from evenhand.web.desk.signed_in import DeskRequest, signed_in
from evenhand.web.uploads import TooLarge, uploads_of

from .policies import MOST, POLICIES
from .running import Unplayed, replayed
from .sliders import number
from .waits import answer, hours, longest, schemes

LESS, MORE = "paying less (assumed)", "paying most (assumed)"
REPLAYS = ("flat", "first_come", "strict_tiers", "weighted_tiers")  # those that need nothing but who is on which plan
COLUMNS = "ticket=ticket,activity=activity,time=time,customer=customer,need=need,agent=agent,plan=assumed"
MAP = "opened=opened, first_reply=first_reply, resolved=resolved, customer=customer, plan=plan"
AT_FIRST = {
    "weeks": "26", "best": "10", "promise": "8", "agents": "", "map": MAP, "zone": "UTC", "dates": "", "asks": "", "silent": "",
}  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@require_http_methods(["GET", "POST"])
@signed_in
def history(request: DeskRequest) -> HttpResponse:
    """GET plays the desk's own history when it is asked to; POST plays a file, which is not kept."""
    given = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {
        "value": AT_FIRST | {name: given[name] for name in AT_FIRST if name in given}, "known": POLICIES,
        "ticked": given.getlist("policy") or REPLAYS, "query": request.GET.urlencode(), "hours": hours, "box": None,
        "own": request.method == "GET", "less": LESS, "more": MORE,
    }  # fmt: skip
    status = 200
    if (request.method == "POST" or "weeks" in given) and "X-Refresh" not in request.headers:
        try:
            result, command = _brought(request) if request.method == "POST" else _own(request)
            drawn = schemes(result)
            context |= {"result": result, "schemes": drawn, "answer": answer(result), "longest": longest(result)}
            context["command"] = shlex.join(command)
        except TooLarge as problem:
            context["problem"], status = str(problem), 413
        except (Refused, Unplayed) as problem:
            context["problem"], status = str(problem), getattr(problem, "status", 400)
    return desk_page(request, "lab-history", status, **context)


@require_GET
@signed_in
def tickets(request: DeskRequest) -> HttpResponse:
    """The desk's own history with the assumed plans, as the file that was played."""
    try:
        text = _sheet(request, request.GET)
    except Refused as problem:
        return refused(request, str(problem), box=None)
    said = {"Content-Disposition": 'attachment; filename="tickets.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=said)


def assumed(customers: list[int], share: float) -> list[str]:
    """An assumed plan for each row's customer: `share` of the customers, drawn by lot and always the same ones, pay most."""
    everyone = sorted(set(customers))
    most = set(random.Random(1).sample(everyone, round(share * len(everyone))))  # noqa: S311 - a draw, not a secret
    return [MORE if customer in most else LESS for customer in customers]


def _sheet(request: DeskRequest, given: QueryDict) -> bytes:
    weeks = number(given, "weeks", 26, 1, 520, "The number of weeks")
    share = number(given, "best", 10, 0, 100, "The share of customers who pay most") / 100
    found = list(own.events(request.agent, timezone.now() - timedelta(weeks=weeks)))
    if not found:
        raise Refused("Nothing was asked in that time in your teams. Ask for more weeks.")
    sheet = io.StringIO()
    own.write(found, sheet, assumed=assumed([event.customer for event in found], share))
    return sheet.getvalue().encode()


def _own(request: DeskRequest) -> tuple[dict[str, Any], list[str]]:
    promise = Promise.current()
    arguments = [f"--map={COLUMNS}", f"--plans={LESS},{MORE}", f"--zone={promise.time_zone}"]
    sheet = _sheet(request, request.GET)
    arguments.append(f"--asks={own.ASKED}")
    if f",{own.CLOSED},".encode() in sheet:  # a word that is nowhere in the file would be refused
        arguments.append(f"--silent={own.CLOSED}")
    if any(promise.weekly):
        arguments.append(f"--hours={_hours(promise.weekly)}")
    return _played("tickets.csv", sheet, arguments + _asked(request.GET))


def _brought(request: DeskRequest) -> tuple[dict[str, Any], list[str]]:
    files = uploads_of(request, "file")
    if not files:
        raise Refused("Choose a history file first: CSV or Parquet, a row a ticket or a row an event.")
    given = request.POST
    called = "history.parquet" if files[0].name.lower().endswith((".parquet", ".pq")) else "history.csv"
    arguments = [f"--map={given.get('map', '').strip() or MAP}", f"--zone={given.get('zone', '').strip() or 'UTC'}"]
    if given.get("dates") in ("dmy", "mdy"):
        arguments.append(f"--dates={given['dates']}")
    said = ((name, given.get(name, "").strip()) for name in ("asks", "silent"))
    arguments += [f"--{name}={text}" for name, text in said if text]
    return _played(called, files[0].content, arguments + _asked(given))


def _asked(given: QueryDict) -> list[str]:
    promise = number(given, "promise", 8, 0.01, 8760, "The promise")
    arguments = [f"--promise={promise:g}"]
    if given.get("agents", "").strip():
        arguments.append(f"--agents={number(given, 'agents', 1, 1, 5000, 'The number of agents'):.0f}")
    ticked = dict.fromkeys(given.getlist("policy") or REPLAYS)
    if unknown := [name for name in ticked if name not in POLICIES]:
        raise Refused(f"There is no policy “{unknown[0][:40]}”. Choose from those on the page.")
    if len(ticked) > MOST:
        raise Refused(f"A page compares at most {MOST} policies; {len(ticked)} are ticked.")
    return arguments + [f"--policy={name}" for name in ticked]


def _played(name: str, file: bytes, arguments: list[str]) -> tuple[dict[str, Any], list[str]]:
    if any("\0" in word for word in arguments):
        raise Refused("The names of columns cannot have NUL in them.")
    return replayed(arguments, name, file), ["evenhand", "lab", "replay", name, *arguments]


def _hours(weekly: list[list[list[int]]]) -> str:
    """As the lab writes them: Mon 9:00-17:00; Tue …"""
    spans = [(day, span[0], span[1]) for day, open_ in zip(DAYS, weekly, strict=True) for span in open_]
    return "; ".join(f"{day} {a // 60}:{a % 60:02}-{b // 60}:{b % 60:02}" for day, a, b in spans)
