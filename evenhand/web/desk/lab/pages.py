"""The lab's page: numbers to change, policies to choose, and what follows. It knows no customer and no ledger."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from evenhand.lab import toml
from evenhand.lab.refused import Refused
from evenhand.web.desk.page import desk_page, refused
from evenhand.web.desk.signed_in import DeskRequest, signed_in
from evenhand.web.study import KeptStudy
from evenhand.web.uploads import TooLarge, uploads_of

from .bench import Bench
from .running import Unplayed, compared, get_ready
from .waits import hours, kept

SHOWN, NAME, STUDY_BYTES = 50, 100, 200_000


@require_GET
@signed_in
def lab(request: DeskRequest) -> HttpResponse:
    """The whole page; for htmx only what the sliders change."""
    try:
        bench = Bench.of(request.GET)
    except Refused as problem:
        return refused(request, f"That study cannot be read any more: {problem}", box=None)
    return page(request, bench)


def page(request: DeskRequest, bench: Bench, problem: str = "", status: int = 200) -> HttpResponse:
    """`problem` is a sentence about something else than the sliders, such as a file that was brought."""
    found: dict[str, Any] = bench.outcome(play="X-Refresh" not in request.headers) | {"hours": hours}
    status = status if problem else found["status"]
    if request.headers.get("HX-Request"):
        token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        response = render(request, "desk/lab-result.html", found | {"csrf": token}, status=status)
    else:
        get_ready()
        saved = KeptStudy.objects.select_related("made_by").defer("toml", "result").order_by("-pk")[:SHOWN]
        beside = {"saved": saved, "file_problem": problem}
        response = desk_page(request, "lab", **found | bench.sliders() | beside | {"status": status, "box": None})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@signed_in
def study(request: DeskRequest) -> HttpResponse:
    """The study of an address as a file, for `evenhand lab compare`."""
    try:
        text = toml.written(Bench.of(request.GET).played_study())
    except Refused as problem:
        return refused(request, str(problem), box=None)
    return HttpResponse(
        text, content_type="application/toml", headers={"Content-Disposition": 'attachment; filename="study.toml"'}
    )


@require_POST
@signed_in
def keep(request: DeskRequest) -> HttpResponse:
    """Save the study of an address with its result."""
    query = request.POST.get("query", "")
    try:
        bench = Bench.of(QueryDict(query))
        if not bench.asked:
            raise Refused("There is nothing to save yet. Play a study first.")
        found = bench.played_study()
        text = toml.written(found)
        name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:NAME] or found.name[:NAME]
        KeptStudy.objects.create(name=name, made_by=request.agent, toml=text, result=kept(compared(text)))
    except (Refused, Unplayed) as problem:
        return refused(request, str(problem), getattr(problem, "status", 400), "Not saved", box=None)
    return HttpResponseRedirect(f"{reverse('desk:lab')}?{query}#saved")


@require_POST
@signed_in
def bring(request: DeskRequest) -> HttpResponse:
    """A study file becomes a saved study, and the page's starting point."""
    try:
        text, name = _brought(request)
        found = toml.read(text)
    except TooLarge as problem:
        return page(request, Bench.of(QueryDict()), str(problem), 413)
    except (Refused, ValueError, TypeError, AttributeError) as problem:
        said = str(problem) if isinstance(problem, Refused) else "That file is not a study: it must be TOML in UTF-8."
        return page(request, Bench.of(QueryDict()), said, 400)
    made = KeptStudy.objects.create(name=(found.name or name)[:NAME], made_by=request.agent, toml=text)
    return HttpResponseRedirect(f"{reverse('desk:lab')}?study={made.pk}")


def _brought(request: DeskRequest) -> tuple[str, str]:
    files = uploads_of(request, "file")
    if not files:
        raise Refused("Choose a study file first: TOML, as evenhand lab compare takes it.")
    if len(files[0].content) > STUDY_BYTES:
        raise TooLarge(f"“{files[0].name}” is too large: a study has a few lines, not {len(files[0].content):,} bytes.")
    text = files[0].content.decode("utf-8")
    if "\0" in text:
        raise Refused("That file is not a study: it must be TOML in UTF-8.")
    return text, files[0].name


@require_POST
@signed_in
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove a study that one has saved oneself, or whose maker is gone. For others there is nothing to remove."""
    removable = KeptStudy.objects.filter(Q(made_by=request.agent) | Q(made_by=None))
    get_object_or_404(removable, pk=pk).delete()
    return HttpResponseRedirect(reverse("desk:lab") + "#saved")
