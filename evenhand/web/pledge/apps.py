from django.apps import AppConfig


class PledgeConfig(AppConfig):
    name = "evenhand.web.pledge"
    label = "pledge"
