"""A part that runs to its end once a night."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from .part import Part, ending
from .supervisor import Supervisor

AT = time(3, 40)  # UTC
SETTLING = 5.0  # seconds for the others to start before it runs at once
LOOK = 60.0  # seconds: a machine that slept does not sleep on


def next_night(now: datetime) -> datetime:
    """The next time the clock in UTC shows AT."""
    tonight = datetime.combine(now.astimezone(UTC).date(), AT, UTC)
    return tonight if tonight > now else tonight + timedelta(days=1)


@dataclass
class Nightly:
    part: Part

    async def run(self, supervisor: Supervisor, *, at_once: bool) -> None:
        """Until asked to stop. What goes wrong is said, and tried again the night after."""
        if at_once and await supervisor.unless_stopping(asyncio.sleep(SETTLING)):
            await self._once(supervisor)
        while not supervisor.stopping.is_set():
            if await supervisor.unless_stopping(_sleep_until(next_night(datetime.now(UTC)))):
                await self._once(supervisor)

    async def _once(self, supervisor: Supervisor) -> None:
        supervisor.parts.append(self.part)
        try:
            code = await self.part.run(supervisor.log)
            if code and not supervisor.stopping.is_set():
                supervisor.log.say(self.part.name, f"{ending(code)}; it runs again next night")
        except OSError as error:
            supervisor.log.say(self.part.name, f"could not be started: {error}")
        finally:
            supervisor.parts.remove(self.part)


async def _sleep_until(moment: datetime) -> None:
    while (left := (moment - datetime.now(UTC)).total_seconds()) > 0:
        await asyncio.sleep(min(left, LOOK))
