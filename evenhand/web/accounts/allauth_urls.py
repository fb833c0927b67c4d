"""The pages of allauth that are used, under its own names; there is no signing up and no second address."""

from allauth.account import views
from django.urls import include, path

from .signin import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("account/inactive/", views.account_inactive, name="account_inactive"),
    path("account/confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("account/keys/", include("allauth.mfa.urls")),
]
