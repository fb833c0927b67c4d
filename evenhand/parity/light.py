from django.db import models

from .statement import Statement


class LightChange(models.Model):
    """The one light changed its colour: when, to what, and what to look at."""

    at = models.DateTimeField(db_index=True)
    colour = models.CharField(max_length=8)
    why = models.TextField(blank=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="light_changes")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the administrators were told; once.")

    def __str__(self) -> str:
        return f"{self.colour} from {self.at:%Y-%m-%d}"
