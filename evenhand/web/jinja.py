from functools import cache, lru_cache, partial
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup, escape

from evenhand.web.number import counted
from evenhand.web.wording import Say

NUMBER = 10**12  # stands for any number


@lru_cache(maxsize=8192)
def url(name: str, *args: object, **kwargs: Any) -> str:
    """The address of a page, from its parts in order; the same parts always make the same one."""
    if len(args) == 1 and isinstance(args[0], int):
        before, after = around_number(name)
        return f"{before}{args[0]}{after}"
    return reverse(name, args=args, kwargs=kwargs)


@cache
def around_number(name: str) -> tuple[str, str]:
    """A page's address, before and after the number in it: found once, not for each of all conversations."""
    before, _, after = reverse(name, args=[NUMBER]).partition(str(NUMBER))
    return before, after


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def fill(sentence: str, **parts: object) -> Markup:
    """A sentence of ours with its places filled: what is filled in is escaped, unless it is HTML of ours."""
    return escape(sentence).format(**parts)


def chooser(env: Environment, language: str) -> Markup:
    """The list of languages to choose from, on a page in one of them; the same on every such page."""
    with translation.override(language):
        page = env.get_template("languages.html").render(languages=dict(settings.LANGUAGES))
    return Markup(page)  # noqa: S704 - a template of ours, with nothing in it but ours


def environment(**options: Any) -> Environment:
    env = Environment(**options | {"trim_blocks": True, "lstrip_blocks": True})  # noqa: S701 - Django turns autoescaping on
    env.globals.update(static=cache(static), url=url, initials=initials, desk_name=settings.EVENHAND_NAME, say=Say())
    env.globals["chooser"] = cache(partial(chooser, env))
    env.filters.update(fill=fill, filesize=filesizeformat, number=counted)
    return env
