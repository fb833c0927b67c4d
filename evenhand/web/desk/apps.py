from django.apps import AppConfig


class WebDeskConfig(AppConfig):
    name = "evenhand.web.desk"
    label = "web_desk"
