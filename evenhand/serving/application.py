"""The one application that granian serves; each process has its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from evenhand import env
from evenhand.web import uploads

from . import answer
from .health import Health
from .live import Live
from .pages import Pages
from .static import StaticFiles

# Django's own, whose middleware is set up once.
wsgi = cache(get_wsgi_application)


class Application:
    def __init__(self) -> None:
        url = env.text("EVENHAND_DATABASE_URL")
        self.static = StaticFiles(Path(settings.STATIC_ROOT))
        self.live = Live(url)
        self.health = Health(url)
        longest = settings.EVENHAND_LETTER_BYTES * uploads.GIVE_UP  # no form, and no letter in a hook, is as long
        self.pages = Pages(wsgi(), env.number("EVENHAND_WEB_THREADS", 3, least=1), longest)

    async def __call__(self, scope: answer.Scope, receive: answer.Receive, send: answer.Send) -> None:
        if scope["type"] == "lifespan":
            return await self._live_and_die(receive, send)
        if scope["type"] != "http":
            return None
        path = scope["path"]
        if path == "/desk/live":
            return await self.live(scope, receive, send)
        if path == "/healthz":
            return await self.health(send)
        if path.startswith(settings.STATIC_URL):
            return await self.static(scope, send, path.removeprefix(settings.STATIC_URL))
        return await self.pages(scope, receive, send)

    async def _live_and_die(self, receive: answer.Receive, send: answer.Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.live.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.live.stop()
                await self.health.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
