from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "evenhand.conversations"
    label = "conversations"
