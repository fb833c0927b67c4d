"""Published statements: whoever has the bundle can recompute them, and every forgery shows."""

import copy
import json
from datetime import timedelta

import pytest

from evenhand.audit import chain
from evenhand.audit.chain import Broken
from evenhand.audit.verify import verify
from evenhand.parity.models import Statement

from .desks import NOW, build

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISHED = (*chain.SIGNED, "digest", "signature", "public_key", "openings")


def bundled():
    return {
        "statements": [
            {name: _plain(getattr(each, name)) for name in PUBLISHED} for each in Statement.objects.order_by("id")
        ]
    }


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


_made: dict[str, list] = {}  # two statements are dear to make and every forgery begins with a copy


@pytest.fixture
def bundle(request):
    if not _made:
        measure = request.getfixturevalue("measure")
        build(conversations=900, accounts=60)
        for day in range(2):
            measure(NOW + timedelta(days=day), publish_records=True)
        _made.update(bundled())
    return copy.deepcopy(_made)


def test_a_bundle_is_checked_and_recomputed(bundle):
    found = verify(bundle)["statements"]
    assert [each["recomputed"] for each in found] == [each["verdict"] for each in bundle["statements"]]
    assert found[0]["records"] == 900
    assert verify(bundle)["public_key"] == bundle["statements"][0]["public_key"]


def test_how_many_published_records_can_be_told_apart_is_said(bundle):
    """Counted here by hand, from what an agent sees of a conversation: nearly all of them."""
    seen = [json.loads(each["record"]) for each in bundle["statements"][0]["openings"]]
    known = [str((r["opened"], sorted(r["strata"].items()), r["hours"], r["answers"])) for r in seen]
    unique = sum(known.count(each) == 1 for each in known)
    assert 850 < unique <= 900
    said = f"The records are published. Who knows its times can tell {unique:,} of 900 from all others."
    assert said in bundle["statements"][0]["figures"]["notes"]


def forged(bundle, change):
    bundle = copy.deepcopy(bundle)
    change(bundle["statements"])
    return bundle


def drop_a_slow_case(statements):
    openings = statements[1]["openings"]
    openings.remove(max(openings, key=lambda each: len(each["record"])))


def change_a_time(statements):
    opening = statements[1]["openings"][7]
    opening["record"] = opening["record"].replace('"hours":{"first reply":[', '"hours":{"first reply":[1')


def change_a_group(statements):
    opening = next(each for each in statements[1]["openings"] if each["groups"]["plan"] == "dear")
    opening["groups"]["plan"] = "plain"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda s: s[0].update(verdict="parity" if s[0]["verdict"] != "parity" else "disparity"),
            "changed after it was signed",
        ),
        (lambda s: s[1].update(made_at=s[0]["made_at"]), "changed after it was signed"),
        (lambda s: s[1]["figures"]["metrics"].pop(), "changed after it was signed"),
        (lambda s: s[1].update(signature=s[0]["signature"]), "signature"),
        (lambda s: s.pop(0) and s.insert(0, s[0]), "does not follow|dated before"),
        (lambda s: s.reverse(), "does not follow"),
        (drop_a_slow_case, "records; 899 are published|counts"),
        (change_a_time, "changed, removed or put in"),
        (change_a_group, "another group"),
        (lambda s: s.clear(), "no statement"),
        (lambda s: s[0].pop("root"), "not in order: there is no 'root'"),
        (lambda s: s.insert(0, "statement"), "not in order"),
        (lambda s: s.insert(0, [1]), "not in order"),
        (lambda s: s[0].update(openings=5), "not in order"),
    ],
)
def test_every_forgery_shows(bundle, change, said):
    with pytest.raises(Broken, match=said):
        verify(forged(bundle, change))


def test_a_statement_signed_anew_with_another_key_shows(bundle):
    def resign(statements):
        other = chain.Key(b"x" * 32)
        statements[1] = {**chain.signed({name: statements[1][name] for name in chain.SIGNED}, other), "openings": None}

    with pytest.raises(Broken, match="another key"):
        verify(forged(bundle, resign))


def test_what_is_not_published_is_not_recomputed(measure):
    build(conversations=300, accounts=60)
    measure()
    assert verify(bundled())["statements"][0]["recomputed"] is None


@pytest.mark.parametrize("statement", ["UPDATE parity_statement SET verdict = 'parity'", "DELETE FROM parity_leaf"])
def test_nobody_changes_what_is_published(measure, as_owner, statement):
    import psycopg

    build(conversations=300, accounts=60)
    measure()
    with pytest.raises(psycopg.errors.RaiseException, match="do not change"):
        as_owner.execute(statement)


def test_the_desk_cannot_write_a_statement():
    with pytest.raises(Exception, match="permission denied"):
        Statement.objects.create(made_at=NOW, since=NOW, until=NOW, figures={}, digest="x")


def test_a_record_says_nothing_of_the_plan(measure):
    build(conversations=300, accounts=60)
    statement = measure()
    records = [leaf.record for each in Statement.objects.all() for leaf in each.leaves.all()]
    assert len(records) == 300
    assert not any("dear" in record or "plain" in record for record in records)
    assert statement["openings"] is None
