"""What a column may be: the words of `--map`, and the headers by which they are recognised."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A word of `--map`: what it means, and header names (letters and digits only) that are taken for it."""

    meaning: str
    headers: tuple[str, ...] = ()


FIELDS = {
    "plan": Field("the plan, tier or service level of the customer",
                  ("plan", "tier", "servicelevel", "plantier", "supporttier", "subscription", "package", "customertier",
                   "plantype", "supportplan", "subscriptionplan", "companyplan", "organizationplan", "organizationtier",
                   "accountplan", "accounttier", "customerplan")),
    "spend": Field("what the customer pays, as a number", ("spend", "mrr", "arr", "revenue", "monthlyspend")),
    "usage": Field("how much the customer uses, as a number", ("usage", "seats")),
    "customer": Field("the account, organisation or person who asked",
                      ("customer", "customerid", "account", "accountid", "organization", "organisation", "company",
                       "companyname", "organizationid", "organizationname", "organizations", "requesterorganization",
                       "ticketorganizationname", "customeremail", "customername", "requester", "requesterid", "client",
                       "clientid", "user", "userid", "useremail", "reporter")),
    "opened": Field("when the ticket was opened",
                    ("opened", "openedat", "created", "createdat", "creationdate", "createdate", "datecreated", "start",
                     "createdtime", "conversationstartedat", "ticketcreatedtimestamp", "submitted", "submittedat", "opendate", "receivedat", "arrival")),
    "first_reply": Field("when it was first replied to, or how long that took",
                         ("firstreply", "firstreplyat", "firstresponse", "firstresponseat", "firstrepliedat", "answeredat",
                          "firstresponsetime", "firstreplytime", "firstreplyhours", "firstresponsehours",
                          "firstresponseminutes", "firstreplyminutes", "respondedat", "timetofirstreply",
                          "timetofirstresponse", "timetofirstagentreply", "firstteammatereplyat", "firstrespondedat", "frt",
                          "firstreplytimeinminutes", "wait", "waitingtime")),
    "resolved": Field("when it was resolved, or how long that took",
                      ("resolved", "resolvedat", "solved", "solvedat", "closed", "closedat", "resolution",
                       "resolutiontime", "resolutiondate", "timetoresolution", "resolutionhours", "closedate",
                       "fullresolutiontime", "resolvedtime", "closedtime", "timetoclose", "dateclosed",
                       "conversationclosedat", "ticketsolvedtimestamp")),
    "need": Field("the need or severity the customer stated",
                  ("need", "severity", "impact", "urgency", "seriousness")),
    "type": Field("the kind of issue", ("type", "kind", "issuetype", "category", "topic", "tickettype", "product")),
    "channel": Field("how it came in", ("channel", "via", "viachannel", "ticketchannel", "source", "origin", "medium")),
    "followup": Field("whether it follows up an earlier ticket", ("followup", "isfollowup")),
    "language": Field("the customer's language", ("language", "lang", "locale")),
    "agent": Field("who answered", ("agent", "assignee", "assignedto", "resource", "owner", "agentname")),
    "team": Field("which team answered",
                  ("team", "group", "queue", "department", "assignedgroup", "supportsection", "workgroup")),
    "tag": Field("a tag", ("tag", "tags", "label")),
    "status": Field("open, solved, merged, abandoned and the like", ("status", "state", "ticketstatus", "conversationstate")),
    "outcome": Field("how it ended, such as answered or abandoned", ("outcome", "disposition")),
    "answered": Field("yes where it was replied to; else the time is how long it has waited", ("answered", "replied")),
    "merged": Field("filled where the ticket was merged into another", ("merged", "mergedinto", "duplicateof")),
    "reopened": Field("whether, or how often, it was reopened", ("reopened", "reopens", "reopencount")),
    "rating": Field("the rating: 1 to 5, or good and bad", ("rating", "csat", "satisfaction", "satisfactionrating", "satisfactionscore", "csatscore",
                               "conversationrating")),
    "breached": Field("whether the promise was broken", ("breached", "slabreached", "overdue", "breach")),
    "id": Field("the ticket's number; a repeated one is counted once",
                ("id", "ticketid", "ticket", "ticketnumber", "number", "casenumber", "key", "issuekey", "conversationid", "reference")),
    "case": Field("in an event log: the ticket an event belongs to", ("caseid", "case", "caseconceptname", "incidentid")),
    "activity": Field("in an event log: what happened", ("activity", "event", "conceptname", "eventname", "action")),
    "time": Field("in an event log: when it happened",
                  ("completetimestamp", "timestamp", "time", "timetimestamp", "eventtime", "endtimestamp", "datetime")),
}  # fmt: skip

STRATA = ("need", "type", "channel", "followup")  # known before anybody can see the plan, most telling first
PLACES = ("language", "agent", "team", "tag")  # where a difference may arise; never adjusted for: so does tiering act
METRICS = ("first_reply", "resolved", "breached", "reopened", "rating", "outcome", "status")


class BadMapError(ValueError):
    """`--map` cannot be understood; the sentence says what to write instead."""


def parsed(texts: Iterable[str]) -> dict[str, str]:
    """`plan=Tier,opened=Created at` as words and column names. A column name may contain commas and spaces."""
    mapping: dict[str, str] = {}
    for text in texts:
        for part in re.split(r",(?=\s*[A-Za-z_]+\s*=)", text):
            word, equals, column = (piece.strip() for piece in part.partition("="))
            word = word.lower().replace("-", "_")
            if not equals or not column:
                raise BadMapError(f"{part.strip()!r} is not of the form word=column, such as plan=Tier.")
            if word not in FIELDS:
                raise BadMapError(f"{word!r} is not something a column can be. Use one of: {', '.join(FIELDS)}.")
            if word in mapping:
                raise BadMapError(f"{word} is given twice, as {mapping[word]!r} and {column!r}.")
            mapping[word] = column
    return mapping


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _spoken(name: str) -> str:
    """A header without what a program adds: “Plan [txt]”, “Custom field (Plan)”, “case:tier”, “Reply time (in hrs)”, “… in minutes”."""
    name = re.sub(r"^custom field \((.+)\)$", r"\1", name, flags=re.I)
    return _plain(
        re.sub(r"\[[^\]]*\]|\([^)]*\)$|^case:(?=\w+$)|[ _](in )?(seconds|minutes|hours|days)$", "", name, flags=re.I)
    )


def place_of(column: str, header: list[str]) -> int | None:
    """The first column of that name, exactly or but for case, spaces and signs."""
    for same in (str.strip, _plain):
        for place, name in enumerate(header):
            if same(name) == same(column) and same(column):
                return place
    return None


def places_of(column: str, header: list[str]) -> list[int]:
    """The place of a column, or of several written `Date+Time`, whose texts are read as one; empty when there is none."""
    whole = place_of(column, header)
    if whole is not None:
        return [whole]
    places = [place_of(part, header) for part in column.split("+")]
    return [place for place in places if place is not None] if None not in places else []


def guessed(header: list[str], taken: dict[str, str]) -> dict[str, str]:
    """Words for the columns whose headers are unmistakable, but for words and columns already taken."""
    found: dict[str, str] = {}
    used = {_plain(column) for column in taken.values()}
    for word, field in FIELDS.items():
        names = {plain(name): name for plain in (_spoken, _plain) for name in reversed(header)}
        match = next((names[h] for h in field.headers if h in names and _plain(names[h]) not in used), None)
        if word not in taken and match:
            found[word] = match
            used.add(_plain(match))
    return found


def completed(mapping: Mapping[str, str], header: list[str]) -> tuple[dict[str, str], list[str]]:
    """The mapping as given; where it names no metric at all, completed by what headers plainly say."""
    given = dict(mapping)
    if {"case", "activity"} <= given.keys() and "time" not in given and "opened" in given:
        given["time"] = given.pop("opened")
    timed = any(word in given for word in METRICS) or {"case", "activity", "time"} <= given.keys()
    if timed and any(word in given for word in ("plan", "spend", "usage")):
        return given, []
    found = guessed(header, given)
    if {"case", "activity", "time"} <= (found | given).keys():
        found = {
            word: name
            for word, name in found.items()
            if word not in ("opened", "first_reply", "resolved", "id", "status")
        }
    else:
        found = {word: name for word, name in found.items() if word not in ("case", "activity", "time")}
    said = ", ".join(f"{word}={name}" for word, name in found.items())
    return given | found, [f"Taken from the headers: {said}."] if found else []
