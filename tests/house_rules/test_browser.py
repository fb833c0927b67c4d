"""What a browser's test must not do, because it only fails on a machine that has much else to do."""

from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_nothing_waits_by_a_script_of_its_own():
    """Asked once it is answered; asked again it is `eval` within the page, which our Content-Security-Policy refuses."""
    call = ".wait_for_" + "function("
    assert [path.name for path in TESTS.rglob("*.py") if call in path.read_text(encoding="utf-8")] == []
