from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "evenhand.channels"
    label = "channels"
