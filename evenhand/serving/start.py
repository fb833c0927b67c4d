"""What granian loads in each of its processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from evenhand.supervisor import lifeline

if TYPE_CHECKING:
    from .application import Application


def application() -> Application:
    """The application, once Django is set up. Its process ends with granian's own, even when that is killed."""
    lifeline.follow(os.getppid())
    import django

    django.setup()
    from .application import Application

    return Application()
