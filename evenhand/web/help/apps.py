from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "evenhand.web.help"
    label = "help"
