from django.apps import AppConfig


class ParityConfig(AppConfig):
    name = "evenhand.parity"
    label = "parity"
