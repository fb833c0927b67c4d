from django.apps import AppConfig


class LineConfig(AppConfig):
    name = "evenhand.line"
    label = "line"
