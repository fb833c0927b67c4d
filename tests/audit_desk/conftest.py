import pytest

from evenhand.promise.models import Promise


@pytest.fixture
def open_always(transactional_db):
    """Open day and night, so that the simulated hours are working hours."""
    return Promise.objects.create(weekly=[[[0, 1440]]] * 7, applies_from="2020-01-01T00:00Z")


@pytest.fixture
def measure(open_always, as_audit):
    """Audit the desk as it is, with the audit's own role."""
    from evenhand.audit.desk.run import run

    from .desks import NOW

    def measured(now=NOW, **more):
        return run(as_audit, open_always, now, **more)

    return measured
