from django.urls import path

from . import history, pages

urlpatterns = [
    path("", pages.lab, name="lab"),
    path("study.toml", pages.study, name="lab-study"),
    path("keep", pages.keep, name="lab-keep"),
    path("bring", pages.bring, name="lab-bring"),
    path("drop/<int:pk>", pages.drop, name="lab-drop"),
    path("history/", history.history, name="lab-history"),
    path("history/tickets.csv", history.tickets, name="lab-tickets"),
]
