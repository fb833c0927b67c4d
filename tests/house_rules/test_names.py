"""The wall's fourth brick: what an import rule cannot see."""

import ast
import re
from pathlib import Path

import django.apps
import pytest
from django.db.models.fields.related import ForeignKey, ManyToManyField, OneToOneField

ROOT = Path(__file__).parents[2] / "evenhand"
MONEY = re.compile(
    r"(^|_)(plan|plans|tier|tiers|spend|spending|revenue|mrr|arr|vip|contract|contracts|price|priority|premium|"
    r"subscription|billing_level|seats|usage|invoice|sla)(_|$)"
)
# From the top of the house to the bottom; a foreign key may only lead down.
FLOORS = [["surveys", "channels", "parity", "knowledge"], ["conversations"], ["line"], ["promise"], ["people"]]
OURS = {app for floor in FLOORS for app in floor} | {"ledger", "web"}


MAY_NAME_IT = {
    "database/roles.py",  # grants and refuses the rights on it
    "command/soundness.py",  # asks for it as the desk, to see that PostgreSQL refuses
}


def our_models():
    return [model for model in django.apps.apps.get_models() if model._meta.app_label in OURS]


def floor_of(app: str) -> int:
    return next((n for n, floor in enumerate(FLOORS) if app in floor), -1)


def our_sources() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]


def test_there_are_models_to_look_at():
    assert len(our_models()) > 15


@pytest.mark.parametrize("word", ["plan", "monthly_spend", "is_vip", "mrr", "contract_end", "tier_id", "sla"])
def test_the_pattern_knows_money_when_it_sees_it(word):
    assert MONEY.search(word)


def test_no_model_outside_the_ledger_has_a_field_of_money():
    found = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if MONEY.search(field.name)
        and model._meta.app_label != "parity"  # the parity statements speak of plans, in sum
    ]
    assert found == []


def test_no_foreign_key_leads_up_or_into_the_ledger():
    found = []
    for model in our_models():
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, OneToOneField, ManyToManyField)):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there == "ledger" or (there in OURS and floor_of(there) < floor_of(here)):
                found.append(f"{model._meta.label}.{field.name} -> {there}")
            if there in OURS and floor_of(there) == floor_of(here) and here != there:
                found.append(f"{model._meta.label}.{field.name} -> a room beside it, {there}")
    assert found == []


def test_no_lookup_reaches_into_the_ledger():
    """`order_by("fact__plan")` imports nothing: the ORM is a second import system."""
    reach = re.compile(r"__(plan|monthly_spend|seats|usage|spend)\b|(?<!_)ledger\.fact")
    found = [
        str(path.relative_to(ROOT))
        for path in our_sources()
        if not {"ledger", "audit"} & set(path.relative_to(ROOT).parts)
        and any(reach.search(text) for text in string_constants(path))
    ]
    assert [each for each in found if each not in MAY_NAME_IT] == []


def string_constants(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in docstrings)
    return [node.value for node in constants if isinstance(node.value, str)]


def test_no_signals():
    found = [
        str(path)
        for path in our_sources()
        if re.search(r"django\.(db\.models|dispatch|core)[.\w]*signals|import receiver", path.read_text())
    ]
    assert found == []


def test_no_drawer_for_everything():
    """`utils`, `helpers`, `common`, `core` say nothing of what is in them."""
    found = [
        path for path in ROOT.rglob("*") if path.stem in ("utils", "helpers", "common", "core", "misc", "services")
    ]
    assert [str(path.relative_to(ROOT)) for path in found if "static" not in path.parts] == []


def test_a_promise_cannot_be_attached_to_anyone():
    promise = django.apps.apps.get_model("promise", "Promise")
    related = {field.related_model._meta.label for field in promise._meta.get_fields() if field.is_relation}
    assert related == {"people.Agent"}  # who made it
