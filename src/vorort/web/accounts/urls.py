"""Addresses of logging in and out, of the language, the administration and the audit."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from vorort.web.accounts import desk, entry, roles_desk, views

urlpatterns = [
    path("", views.start, name="start"),
    path("anmelden/", entry.login, name="login"),
    path("anmelden/code/", entry.code, name="login_code"),
    path("anmelden/einrichten/", entry.setup, name="login_setup"),
    path("anmelden/einrichten/bild.svg", entry.picture, name="login_picture"),
    path("abmelden/", LogoutView.as_view(), name="logout"),
    path("passwort/", entry.password, name="password"),
    path("sprache/", views.language, name="language"),
    path("hilfe/", views.all_help, name="help"),
    path("ohne-seite/", views.nothing, name="nothing"),
    path("verwaltung/", desk.users, name="users"),
    path("verwaltung/benutzer/<int:number>/", desk.user, name="user"),
    path("verwaltung/rollen/", roles_desk.roles, name="roles"),
    path("verwaltung/rollen/<str:key>/", roles_desk.role, name="role"),
    path("protokoll/", desk.audit, name="audit"),
    path("protokoll/einsicht/", desk.reads, name="reads"),
]
