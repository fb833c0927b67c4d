"""Learning again once agents corrected something. The numbers' library is loaded by a process that ends, not by the worker."""

from __future__ import annotations

import logging
import subprocess
import sys

from evenhand.conversations.models import Judgement

from .features import FEWEST_SPAM
from .model import SpamModel

log = logging.getLogger("evenhand.mail")
LIMIT = 600.0  # seconds


def learn_if_corrected() -> bool:
    """Whether there was something to learn."""
    latest = SpamModel.objects.order_by("-pk").values_list("made_at", flat=True).first()
    said = Judgement.objects.filter(at__gt=latest) if latest else Judgement.objects.all()
    if not said.exists() or Judgement.objects.filter(spam=True).count() < FEWEST_SPAM:
        return False
    command = [sys.executable, "-P", "-m", "evenhand", "mail", "learn"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)  # noqa: S603
    if done.returncode:
        log.error("Nothing could be learned: %s", done.stderr[-1000:])
    else:
        log.info(done.stdout.strip())
    return True
