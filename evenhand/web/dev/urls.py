from django.urls import path

from . import mail

app_name = "dev"
urlpatterns = [
    path("mail", mail.letters, name="mail"),
    path("mail/<int:pk>", mail.letter, name="letter"),
    path("mail/<int:pk>/html", mail.formatted, name="formatted"),
    path("mail/<int:pk>/raw", mail.raw, name="raw"),
]
