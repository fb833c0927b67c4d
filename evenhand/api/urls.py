from django.urls import path

from . import door
from .stripe import hook

app_name = "api"
urlpatterns = [
    path("facts", door.program, name="facts"),
    path("openapi.json", door.description, name="openapi"),
    path("hooks/stripe", hook.hook, name="stripe"),
]
