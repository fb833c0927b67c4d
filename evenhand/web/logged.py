"""What the log says of a request. Whoever reads the log must not be able to open what it names."""

from __future__ import annotations

import logging

from django.http import HttpRequest

NOWHERE = "an address that leads nowhere"


class Unopened(logging.Filter):
    """Names a page by its pattern, never by its address: in that stand the keys of personal and of sign-in links."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(_pattern(request) if each == request.path else each for each in record.args)
        return True


def _pattern(request: HttpRequest) -> str:
    return f"/{request.resolver_match.route}" if request.resolver_match else NOWHERE
