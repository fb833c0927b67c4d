from django.db import models

from evenhand.people.models import Agent


class SavedView(models.Model):
    """A filtered list under a name, kept as the address that shows it."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(
        max_length=400, help_text="The list's query string; only permitted filters are read from it."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
