from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "evenhand.surveys"
    label = "surveys"
