from __future__ import annotations

from django.conf import settings
from django.db import models

from evenhand.people.models import Team


class Mailbox(models.Model):
    """An address customers write to, and the team that answers there."""

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=120, help_text="The sender's name on what we send.")
    team = models.ForeignKey(Team, models.PROTECT, related_name="mailboxes")
    topic = models.CharField(max_length=40, blank=True, help_text="What is written here needs this skill.")

    def __str__(self) -> str:
        return self.address

    @classmethod
    def default(cls) -> Mailbox:
        """The first mailbox; a desk that has none yet gets the one of EVENHAND_ADDRESS and a team to answer it."""
        first = cls.objects.select_related("team").order_by("pk").first()
        if first:
            return first
        team, _ = Team.objects.get_or_create(name="Support")
        return cls.objects.get_or_create(
            address=settings.EVENHAND_ADDRESS.lower(), defaults={"name": settings.EVENHAND_NAME, "team": team}
        )[0]
