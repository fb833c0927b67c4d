"""What a program can do, described for OpenAPI by what it is written in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import ConfigDict, Field, WithJsonSchema
from pydantic import ValidationError as RowError

from evenhand import __version__
from evenhand.ledger import sheet

from .door import refused
from .taking import Taking

MOST_ROWS = 1000  # of one request
ABOUT = (
    "Facts go into the ledger, and nothing can be read. Sending the same again is safe, and answered the same: facts are "
    "kept by day, and the same one twice is the same as once."
)
Word = str | None  # strict: a number or a yes is no word
Number = int | float | str | None


class Token(HttpBearer):
    """For the description; `door` has looked at the token already."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - so ninja calls it
        return True


class Row(Schema):
    """What one customer, or one organisation, pays and uses as of a day."""

    model_config = ConfigDict(extra="forbid")
    customer: Word = Field(None, description="A mail address.")
    organisation: Word = Field(None, description="Its name; used where no customer is given.")
    plan: Word = Field(None, description="At most 200 characters.")
    monthly_spend: Number = Field(None, description="Not less than nothing, to the cent.")
    seats: Number = Field(None, description="A whole number.")
    usage: Number = Field(None, description="In whatever unit you count it, always the same.")
    as_of: Word = Field(None, description="A day, such as 2026-01-31. Without it, today (UTC).")

    def checked(self, place: int) -> sheet.Row:
        """Raises ValueError with what is wrong."""
        return sheet.row(place, {name: str(value) for name, value in self if value is not None})


class Sheet(Schema):
    # Each row is judged by itself, so that one bad row does not hold up the others.
    rows: Annotated[
        list[Any], WithJsonSchema({"type": "array", "maxItems": MOST_ROWS, "items": Row.model_json_schema()})
    ] = Field(min_length=1, max_length=MOST_ROWS)
    keep: Literal["good", "all or nothing"] = Field(
        "good", description="Where some rows are bad: keep the good ones, or nothing."
    )
    unknown: Literal["add", "refuse"] = Field(
        "add", description="Who is not known yet is added, so that no fact is lost; or their rows are bad."
    )


class BadRow(Schema):
    row: int = Field(description="Counted from 0.")
    reason: str


class Answer(Schema):
    taken: int = Field(description="Rows that were taken, whether their facts were known before or not.")
    bad: list[BadRow]


class Refusal(Schema):
    error: str


api = NinjaAPI(
    title="Evenhand", version=__version__, description=ABOUT, auth=Token(), docs_url=None, openapi_url=None,
    urls_namespace="programs",
)  # fmt: skip


@api.post("/facts", response={200: Answer, 422: Answer | Refusal}, operation_id="put_facts")
def put_facts(request: HttpRequest, given: Sheet) -> Status[Any]:  # noqa: ARG001 - the token is who asks
    """Put facts into the ledger. 200 when every row was taken; 422 lists the bad ones, and says how many were taken."""
    taking = Taking("api", "row", all_or_nothing=given.keep != "good", welcome=given.unknown == "add")
    taking.take_in([_row(place, each) for place, each in enumerate(given.rows)])
    bad = [{"row": each.line, "reason": each.reason} for each in taking.bad]
    return Status(422 if bad else 200, {"taken": taking.taken, "bad": bad})


def _row(place: int, given: Any) -> sheet.Row | sheet.Bad:
    try:
        row: Row = Row.model_validate(given, strict=True)
        return row.checked(place)
    except RowError as error:
        return sheet.Bad(place, _sentence(error.errors()[0]))
    except ValueError as error:
        return sheet.Bad(place, str(error))


def _sentence(error: Any) -> str:
    """What pydantic found, as we say it."""
    where = str(error["loc"][0])[:40] if error["loc"] else ""
    if not where:
        return "is no object with fields such as customer and plan"
    if error["type"] == "extra_forbidden":
        return f"has a field {where!r}, which does not exist; there are {', '.join(Row.model_fields)}"
    return f"{where} is neither a word nor a number"


@api.exception_handler(ValidationError)
def not_a_sheet(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001 - given by ninja
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"][2:]) or "the request"
    return refused(f"{where}: {first['msg']}. Nothing was taken.", 422)


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001 - given by ninja
    return refused(f"{error}. Nothing was taken.", error.status_code)
