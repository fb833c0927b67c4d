"""Checking published statements, offline: nothing is needed but the bundle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import chain
from .chain import Broken
from .procedure import audit
from .records import Sealed, commitment, tickets_from
from .settings import METHOD, Settings


def verify(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Check a bundle {"statements": [oldest first]}. Raises Broken naming the first thing that does not hold.

    Whose the key is that signed them all, nothing in the bundle can prove: it is told, for whoever kept it from before.
    """
    previous: Mapping[str, Any] | None = None
    found = []
    try:
        for statement in bundle["statements"]:
            chain.check(statement, previous)
            _stands(statement, previous)
            found.append(_checked(statement))
            previous = statement
    except KeyError as error:
        raise Broken(f"The bundle is not in order: there is no {error}.") from error
    except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError) as error:
        raise Broken(f"The bundle is not in order: {error}.") from error
    if previous is None:
        raise Broken("The bundle holds no statement.")
    return {"public_key": previous["public_key"], "statements": found}


STANDING = ("root", "records", "since", "until", "verdict", "method")


def _stands(statement: Mapping[str, Any], previous: Mapping[str, Any] | None) -> None:
    """Raises Broken where a statement says that earlier figures stand, and has others."""
    if "stands" not in statement["figures"] or previous is None:
        return
    same = all(statement[name] == previous[name] for name in STANDING)
    bodies = [{k: v for k, v in each["figures"].items() if k != "stands"} for each in (statement, previous)]
    if not same or bodies[0] != bodies[1]:
        raise Broken(f"The statement of {statement['made_at']} says that the figures before it stand, and has others.")


def _checked(statement: Mapping[str, Any]) -> dict[str, Any]:
    openings = statement.get("openings")
    said = {name: statement[name] for name in ("made_at", "verdict", "records", "digest")}
    return {**said, "recomputed": None if openings is None else _recomputed(statement, openings)}


def _recomputed(statement: Mapping[str, Any], openings: list[Sealed]) -> str:
    """The verdict computed anew from the published records. Raises Broken where it or a figure differs."""
    when = statement["made_at"]
    records = [opening["record"] for opening in openings]
    chain.check_records(statement, records)
    sealed = [{"nonce": each["nonce"], "groups": each["groups"]} for each in openings]
    for record, opening in zip(records, sealed, strict=True):
        if commitment(opening) not in record:
            raise Broken(f"A record of the statement of {when} is opened with another group than it was sealed with.")
    if statement["method"] != METHOD:
        raise Broken(
            f"The statement of {when} was made by method {statement['method']}; this program computes {METHOD}."
        )
    found = audit(tickets_from(records, sealed, statement["figures"]["taus"]), Settings())
    if str(found.verdict) != statement["verdict"]:
        raise Broken(f"The statement of {when} says {statement['verdict']}; its records say {found.verdict}.")
    return str(found.verdict)
