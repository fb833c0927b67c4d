from django.db import models


class Team(models.Model):
    """Agents who see the same conversations. A desk starts with one."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name
