from __future__ import annotations

from collections.abc import Container, Iterable
from email.utils import formataddr

from django.conf import settings
from django.db import connection, models

from evenhand.people.models import Team

from .token import without_tag

# Asked for each address that anybody gives; made by Django anew each time, it cost more than the asking.
OURS = """
    SELECT EXISTS (SELECT FROM channels_mailbox WHERE lower(address) IN (%(written)s, %(plain)s))
        OR EXISTS (SELECT FROM channels_alias WHERE lower(address) IN (%(written)s, %(plain)s))
"""


class Mailbox(models.Model):
    """An address customers write to, and the team that answers there."""

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=120, help_text="The sender's name on what we send.")
    team = models.ForeignKey(Team, models.PROTECT, related_name="mailboxes")
    topic = models.CharField(max_length=40, blank=True, help_text="What is written here needs this skill.")

    def __str__(self) -> str:
        return self.address

    @property
    def host(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def is_nowhere(self) -> bool:
        """Nobody elsewhere can write to it: what a new desk has until it is given an address."""
        return self.host == "localhost"

    def sender(self, name: str = "") -> str:
        """The From of what we send: the agent's name where a person wrote it, the mailbox's otherwise."""
        return formataddr((name or self.name, self.address))

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

    @classmethod
    def by_address(cls) -> dict[str, Mailbox]:
        """All mailboxes by their addresses and aliases, the default one first; a desk has a handful."""
        boxes: list[Mailbox] = list(cls.objects.select_related("team").prefetch_related("aliases").order_by("pk")) or [
            cls.default()
        ]
        return {each.address.lower(): each for each in boxes} | {
            alias.address.lower(): each for each in boxes for alias in each.aliases.all()
        }

    @classmethod
    def is_ours(cls, address: str, boxes: Container[str] | None = None) -> bool:
        """Whether letters to an address, however tagged, come back to this desk; `boxes` are its addresses, where they are at hand."""
        plain, written = without_tag(address), address.strip().lower()
        if settings.EVENHAND_ADDRESS.lower() in (plain, written):
            return True
        if boxes is not None:
            return plain in boxes or written in boxes
        with connection.cursor() as cursor:
            cursor.execute(OURS, {"written": written, "plain": plain})
            return bool(cursor.fetchone()[0])

    @classmethod
    def addressed(cls, addresses: Iterable[str], boxes: dict[str, Mailbox] | None = None) -> Mailbox:
        """The mailbox that a letter to these addresses came to: the first that is ours, else the default one."""
        boxes = cls.by_address() if boxes is None else boxes
        ours = (boxes.get(without_tag(each)) or boxes.get(each.strip().lower()) for each in addresses)
        return next((each for each in ours if each), None) or next(iter(boxes.values()))

    @classmethod
    def of_team(cls, team_id: int) -> Mailbox:
        """From which a team writes when nothing says another: its first, else the default one."""
        own = cls.objects.filter(team=team_id).order_by("pk").first()
        return own or cls.default()
