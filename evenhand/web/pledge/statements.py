"""Every statement and figure for machines: the bundle that `evenhand audit verify` reads, and a table."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from evenhand.parity.models import Statement

from .badge import shared
from .sheet import COLUMNS, cell, lines

# What is signed, and what the signature is checked with.
PUBLISHED = (
    "made_at", "since", "until", "method", "code", "verdict", "light", "figures", "records", "root", "previous",
    "digest", "signature", "public_key",
)  # fmt: skip


@require_safe
def bundle(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - everyone gets the same
    """All statements, oldest first; the newest with its records where they are published. Older ones' stand in `one`."""
    rows = [published(each) for each in Statement.objects.defer("openings").order_by("id")]
    newest = Statement.objects.order_by("-id").values_list("openings", flat=True).first()
    if rows:
        rows[-1]["openings"] = newest
    return _as_json({"statements": rows})


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - everyone gets the same
    """One statement as a bundle of its own, with its records where they are published."""
    statement = get_object_or_404(Statement, pk=pk)
    return _as_json({"statements": [published(statement) | {"openings": statement.openings}]})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure of the latest statement, or of `?statement=…`, one to a line."""
    statement = _asked_for(request.GET.get("statement", ""))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    if statement:
        writer.writerows([cell(value) for value in line] for line in lines(statement))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return shared(response)


def published(statement: Statement) -> dict[str, Any]:
    """As it was signed; moments are spelled as the audit spelled them, or the digest would be another."""
    values = {name: getattr(statement, name) for name in PUBLISHED}
    spelled = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
    return {"id": statement.pk, **spelled, "openings": None}


def _asked_for(given: str) -> Statement | None:
    if not given:
        return Statement.latest()
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Http404
    return get_object_or_404(Statement.objects.defer("openings"), pk=int(given))


def _as_json(value: dict[str, Any]) -> HttpResponse:
    return shared(HttpResponse(json.dumps(value, separators=(",", ":")), content_type="application/json"))
