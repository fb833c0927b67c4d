from django.urls import path

from . import door
from .mail import hook as mail
from .mail.provider import PROVIDERS
from .stripe import hook

app_name = "api"
urlpatterns = [
    path("facts", door.program, name="facts"),
    path("openapi.json", door.description, name="openapi"),
    path("hooks/stripe", hook.hook, name="stripe"),
    *(path(f"hooks/{name}", mail.hook, {"provider": name}, name) for name in PROVIDERS),
]
