from django.apps import AppConfig


class DevConfig(AppConfig):
    name = "evenhand.web.dev"
    label = "dev"
