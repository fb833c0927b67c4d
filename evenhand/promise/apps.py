from django.apps import AppConfig


class PromiseConfig(AppConfig):
    name = "evenhand.promise"
    label = "promise"
