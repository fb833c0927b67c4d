from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .team import Team

FIRST = "Administrator"  # what the first one is called until they say who they are


class AgentManager(BaseUserManager["Agent"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> Agent:
        agent = self.model(email=email.strip().lower(), **fields)
        agent.set_password(password)  # None: no password, they sign in by link until they set one
        agent.save()
        return agent

    def get_by_natural_key(self, email: str | None) -> Agent:
        return self.get(email=(email or "").strip().lower())


class Agent(AbstractBaseUser):
    """Someone who answers customers. Administrators also change the promise, the team and the mailboxes."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_admin = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    sessions_since = models.DateTimeField(
        default=timezone.now, help_text="Whatever was signed in before is signed out."
    )
    teams = models.ManyToManyField(Team, related_name="agents")
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True, help_text="Empty: any.")
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Empty: any.")
    at_once = models.PositiveSmallIntegerField(default=5, help_text="How many turns this agent may hold at once.")
    away_since = models.DateTimeField(null=True, blank=True)
    signature = models.TextField(blank=True)
    theme = models.CharField(max_length=8, default="auto", help_text="auto, light or dark")

    objects = AgentManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="agent_email_folded")]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    @property
    def initials(self) -> str:
        words = [each for each in self.name.split() if each[0].isalnum()] or [self.email]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @classmethod
    def invite(cls, email: str, name: str, team: Team, *, is_admin: bool = False) -> Agent:
        """The agent at `email`, in `team`; whoever is new is added. Raises ValidationError for what is no address."""
        email = email.strip().lower()
        validate_email(email)
        agent = cls.objects.filter(email=email).first()
        if agent is None:
            agent = cls.objects.create_user(email, name=name or email.partition("@")[0])
        if is_admin and not agent.is_admin:
            agent.is_admin = True
            agent.save(update_fields=["is_admin"])
        agent.teams.add(team)
        return agent

    @classmethod
    def nobody_yet(cls) -> bool:
        """Whether nobody has ever signed in: whoever comes now sets the desk up."""
        return not cls.objects.filter(last_login__isnull=False).exists()

    def can_take(self, language: str, topic: str) -> bool:
        """Whether this agent's skills cover a pool; an empty pool or an empty skill list covers everything."""
        return (not language or not self.languages or language in self.languages) and (
            not topic or not self.topics or topic in self.topics
        )

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own looks at the password alone; `end_sessions` must reach those who never had one.
        about = f"{self.password} {self.sessions_since.isoformat()}"
        return salted_hmac("evenhand.people.Agent", about, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Sign this agent out everywhere, and make void the sign-in links that were not used yet and the tokens made for
        programs."""
        self.sessions_since = timezone.now()
        self.save(update_fields=["sessions_since"])
        self.sign_in_links.filter(used_at=None).update(used_at=self.sessions_since)
        self.tokens.filter(revoked_at=None).update(revoked_at=self.sessions_since)

    def move_to(self, email: str) -> None:
        """Sign in with another address from now on. Links that went to the old one open nothing any more: who reads its
        mail may be somebody else by now."""
        self.email = email
        self.save(update_fields=["email"])
        self.sign_in_links.filter(used_at=None).update(used_at=timezone.now())

    def set_role(self, *, is_admin: bool) -> None:
        """Make an administrator of an agent, or an agent of an administrator; what they had open is closed."""
        if self.is_admin == is_admin:
            return
        self.is_admin = is_admin
        self.save(update_fields=["is_admin"])
        self.end_sessions()

    def deactivate(self) -> None:
        """No longer works here. What they wrote stays under their name."""
        self.is_active = False
        self.save(update_fields=["is_active"])
        self.end_sessions()

    def reactivate(self) -> None:
        """Works here again; the next sign-in needs a fresh link or the old password."""
        self.is_active = True
        self.save(update_fields=["is_active"])
