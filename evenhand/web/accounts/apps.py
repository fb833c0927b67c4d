from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "evenhand.web.accounts"
    label = "accounts"
