"""Addresses of logging in and out, and of the language."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from vorort.web.accounts import views

urlpatterns = [
    path("", views.start, name="start"),
    path("anmelden/", views.Login.as_view(), name="login"),
    path("abmelden/", LogoutView.as_view(), name="logout"),
    path("sprache/", views.language, name="language"),
    path("hilfe/", views.all_help, name="help"),
    path("ohne-seite/", views.nothing, name="nothing"),
]
