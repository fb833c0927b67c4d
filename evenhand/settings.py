"""Django's settings, made from EVENHAND_… variables (docs/settings.md lists them)."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from evenhand import env

EVENHAND_DATA = env.path("EVENHAND_DATA", "data")
_public = env.url("EVENHAND_URL", "http://127.0.0.1:8000", ("http", "https"), ("http", "https"))
EVENHAND_URL = _public.geturl().rstrip("/")
EVENHAND_NAME = env.text("EVENHAND_NAME", "Evenhand")
EVENHAND_DEMO = env.flag("EVENHAND_DEMO")
OUTBOUND = (
    "smtp",
    "smtps",
    "mailgun",
    "postmark",
    "brevo",
    "resend",
    "mailersend",
    "sparkpost",
    "mailjet",
    "mandrill",
)
EVENHAND_OUTBOUND = (
    env.text("EVENHAND_OUTBOUND") and env.url("EVENHAND_OUTBOUND", "", OUTBOUND, ("smtp", "smtps")).geturl()
)
EVENHAND_IMAP = env.urls("EVENHAND_IMAP", ("imap", "imaps"))
EVENHAND_HOOK_SECRETS = env.secrets_of(
    "EVENHAND_HOOK_SECRETS",
    ("mailgun", "sendgrid", "postmark", "mailersend", "mandrill", "sparkpost", "postal", "mailjet", "amazon_ses"),
    {"amazon_ses": (env.TOPIC, "the ARN of a topic, as in arn:aws:sns:eu-west-1:123456789012:letters")},
)
EVENHAND_PRIVATE_HOSTS = env.flag("EVENHAND_PRIVATE_HOSTS")
GOOGLE_CLIENT = env.text("EVENHAND_GOOGLE_CLIENT_ID"), env.text("EVENHAND_GOOGLE_CLIENT_SECRET")
MICROSOFT_CLIENT = env.text("EVENHAND_MICROSOFT_CLIENT_ID"), env.text("EVENHAND_MICROSOFT_CLIENT_SECRET")
EVENHAND_AUTHSERV_ID = env.text("EVENHAND_AUTHSERV_ID").strip().lower()
EVENHAND_RELAYS = env.networks("EVENHAND_RELAYS")
EVENHAND_RESOLVER = env.address("EVENHAND_RESOLVER", "") if env.text("EVENHAND_RESOLVER") else None
EVENHAND_CLAMAV = env.text("EVENHAND_CLAMAV") and env.url("EVENHAND_CLAMAV", "", ("unix", "tcp")).geturl()
EVENHAND_DKIM = env.label("EVENHAND_DKIM")
EVENHAND_DKIM_KEY = env.text("EVENHAND_DKIM_KEY")
EVENHAND_RECIPIENT_AN_HOUR = env.number("EVENHAND_RECIPIENT_AN_HOUR", 60)
EVENHAND_DOMAIN_A_MINUTE = env.number("EVENHAND_DOMAIN_A_MINUTE", 120)
EVENHAND_LMTP = env.place("EVENHAND_LMTP")
EVENHAND_SMTP_CERTIFICATE = env.text("EVENHAND_SMTP_CERTIFICATE")
EVENHAND_SMTP_KEY = env.text("EVENHAND_SMTP_KEY")
EVENHAND_ADDRESS = env.mail_address("EVENHAND_ADDRESS", "support@localhost")
EVENHAND_UNDO_SECONDS = env.number("EVENHAND_UNDO_SECONDS", 10)
EVENHAND_STRIPE_SECRET = env.words(
    "EVENHAND_STRIPE_SECRET", r"whsec_[!-~]{16,}", "a signing secret that begins with whsec_"
)
EVENHAND_STRIPE_CURRENCY = env.word("EVENHAND_STRIPE_CURRENCY", r"[A-Z]{3}", "three letters, as in EUR")
EVENHAND_LETTER_BYTES = env.number("EVENHAND_LETTER_BYTES", 25 * 1024 * 1024)
EVENHAND_FILE_BYTES = env.number("EVENHAND_FILE_BYTES", EVENHAND_LETTER_BYTES, 1)

SECRET_KEY = env.secret("EVENHAND_SECRET_KEY", EVENHAND_DATA)
DEBUG = env.flag("EVENHAND_DEBUG")
ALLOWED_HOSTS = [_public.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
_https = _public.scheme == "https"
# Only behind a proxy that sets it: from outside the header is not trusted.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("EVENHAND_BEHIND_PROXY") else None


def _database(name: str, default: str) -> dict[str, object]:
    parts = env.url(name, default, ("postgresql", "postgres"))
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "evenhand.database.backend",
        "NAME": parts.path.lstrip("/") or "evenhand",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Bound by the server, so that a statement is planned once per connection and not once per page.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, **query},
    }


# The desk's role. The owner's and the audit's URLs are given only to the commands that need them.
DATABASES = {"default": _database("EVENHAND_DATABASE_URL", "postgresql://evenhand_desk@127.0.0.1/evenhand")}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's list of keys uses it
    "django.contrib.staticfiles",
    "django_htmx",
    "django_prose_editor",
    "evenhand.web.accounts",  # before allauth, whose pages it dresses
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "evenhand.people",
    "evenhand.promise",
    "evenhand.line",
    "evenhand.conversations",
    "evenhand.channels",
    "evenhand.surveys",
    "evenhand.parity",
    "evenhand.ledger",
    "evenhand.web",
    "evenhand.web.desk",
    "evenhand.web.dev",
    "evenhand.web.help",
    "evenhand.web.pledge",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "evenhand.web.headers.defaults",
    "evenhand.web.language.Language",
    "evenhand.web.headers.addressed_to_us",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "evenhand.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # the folders named `jinja2`
        "OPTIONS": {
            "environment": "evenhand.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "evenhand.web.language.say",
            ],
        },
    },
    {
        # For packages that bring their own (allauth); ours are Jinja2.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["evenhand.web.backend.Backend"]
SESSION_ENGINE = "evenhand.web.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "evenhand.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if _https else 0
X_FRAME_OPTIONS = "DENY"

# Sign-in. Nobody signs up: administrators invite.
ACCOUNT_ADAPTER = "evenhand.web.accounts.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # agents are invited to the address, so it is theirs
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or a new key is told to the agent's own address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_ADAPTER = "evenhand.web.accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = EVENHAND_NAME
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for phones whose clock is wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
# Attempts are counted where every web process sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"  # of agents' pages
LANGUAGES = [
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("sv", "Svenska"),
    ("ja", "日本語"),
]
# Where neither a conversation nor a browser says which of them.
EVENHAND_LANGUAGE = env.one_of("EVENHAND_LANGUAGE", "en", [code for code, _ in LANGUAGES])


def _bucket(name: str) -> dict[str, object]:
    """A bucket, as in s3://bucket/folder?endpoint=…&region=…; its keys are those that every program finds (AWS_…)."""
    where = env.url(name, "", ("s3",))
    env.needs(name, "storages.backends.s3", "s3")
    query = {key: values[-1] for key, values in parse_qs(where.query).items()}
    return {
        "bucket_name": where.hostname,
        "location": where.path.strip("/"),
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
    }


def _files() -> dict[str, object]:
    """Where attachments are: the data directory, or a bucket."""
    if not env.text("EVENHAND_FILES"):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    # No access list: as the bucket has it, which should be private.
    options = {"signature_version": "s3v4", "default_acl": None, "file_overwrite": False}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _bucket("EVENHAND_FILES") | options}


EVENHAND_SES_BUCKET = _bucket("EVENHAND_SES_BUCKET") if env.text("EVENHAND_SES_BUCKET") else None
STATIC_URL = "/static/"
STATIC_ROOT = EVENHAND_DATA / "static"
STORAGES = {
    "default": _files(),
    "staticfiles": {"BACKEND": "evenhand.serving.static.Storage"},
}
MEDIA_ROOT = EVENHAND_DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
# A mail service's form has a letter for one of its fields, and others beside it.
DATA_UPLOAD_MAX_MEMORY_SIZE = EVENHAND_LETTER_BYTES + 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "evenhand.web.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["evenhand.schedule"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"unopened": {"()": "evenhand.web.logged.Unopened"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["unopened"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "imapclient": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a form that comes back, or a wrong address, is not the desk's trouble
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor are those who try every address there is
    },
}
