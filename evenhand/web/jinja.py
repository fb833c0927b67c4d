from functools import cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment


@cache
def plain_url(name: str) -> str:
    """The address of a page without arguments; looked up once, for it never changes."""
    return reverse(name)


def url(name: str, *args: object, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else plain_url(name)


def environment(**options: Any) -> Environment:
    env = Environment(**options | {"trim_blocks": True, "lstrip_blocks": True})  # noqa: S701 - Django turns autoescaping on
    env.globals.update(static=cache(static), url=url, desk_name=settings.EVENHAND_NAME)
    return env
