from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils import timezone

KEPT = 5  # of what was learned before, for whoever wants to compare


class SpamModel(models.Model):
    """What was learned last: a weight for each place that features are hashed into, and how well it did."""

    made_at = models.DateTimeField(default=timezone.now)
    weights = models.BinaryField(help_text="32-bit floats, one for each place.")
    bias = models.FloatField()
    threshold = models.FloatField(help_text="The sum past which a letter is set aside.")
    spam = models.PositiveIntegerField(help_text="How many unwanted letters it learned from.")
    wanted = models.PositiveIntegerField(help_text="How many wanted ones.")
    caught = models.FloatField(help_text="Share of unwanted letters that it recognised without having seen them.")
    wrong = models.FloatField(help_text="Share of wanted letters that it would have set aside.")

    class Meta:
        app_label = "channels"

    def __str__(self) -> str:
        return f"learned from {self.spam} and {self.wanted} letters"

    @classmethod
    def latest(cls) -> Self | None:
        """The one in use; read from the database once for as long as it is the latest."""
        newest = cls.objects.order_by("-pk").values_list("pk", flat=True).first()
        if newest is None:
            return None
        if _held.get("pk") != newest:
            _held.update(pk=newest, model=cls.objects.get(pk=newest))
        found = _held["model"]
        return found if isinstance(found, cls) else None

    def calls_spam(self, features: Iterable[int]) -> bool:
        """Whether a letter with these features is to be set aside."""
        places = list(features)
        weights = self._weights()
        total = sum(weights[each] for each in places) / max(len(places), 1) ** 0.5
        return bool(total + self.bias >= self.threshold)

    def _weights(self) -> array[float]:
        held = getattr(self, "_read", None)
        if held is None:
            held = self._read = array("f")
            held.frombytes(bytes(self.weights))
        return held

    @classmethod
    def forget(cls) -> None:
        """All but the latest few."""
        kept = list(cls.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT])
        cls.objects.exclude(pk__in=kept).delete()


_held: dict[str, object] = {}
