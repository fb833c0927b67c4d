from django.db import models


class Team(models.Model):
    """Agents who see the same conversations. A desk starts with one."""

    name = models.CharField(max_length=80, unique=True)
    signature = models.TextField(
        blank=True, default="", help_text="Below every answer of the team, under the agent's own."
    )

    def __str__(self) -> str:
        return self.name
