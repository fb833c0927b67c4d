"""`evenhand audit run` night after night, as a process of its own with the audit's role."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from evenhand.parity.models import Statement

from . import desks
from .test_statements import bundled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evenhand(open_always, database_urls, monkeypatch):
    monkeypatch.setattr(desks, "NOW", datetime.now(UTC))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    given = {f"EVENHAND_DATABASE_{name}URL": database_urls[role] for name, role in (("", "desk"), ("AUDIT_", "audit"))}

    def run(*arguments):
        command = [sys.executable, "-m", "evenhand", *arguments]
        return subprocess.run(command, env=clean | given, capture_output=True, text=True, timeout=240)

    return run


def test_night_after_night(evenhand, tmp_path):
    desks.build(conversations=400, accounts=80)
    first, second, published = (evenhand("audit", "run", "--json", *more) for more in ([], [], ["--publish-records"]))
    assert [each.returncode for each in (first, second, published)] == [0, 0, 0], second.stderr
    assert "stands" not in json.loads(first.stdout)["figures"]
    assert json.loads(second.stdout)["figures"]["stands"]["new_customers"] == 0
    assert "stands" not in json.loads(published.stdout)["figures"]
    assert Statement.objects.count() == 3
    (tmp_path / "bundle.json").write_text(json.dumps(bundled()))
    checked = evenhand("audit", "verify", str(tmp_path / "bundle.json"))
    assert "3 statements hold" in checked.stdout, checked.stderr
