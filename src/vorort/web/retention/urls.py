"""Addresses of deleting."""

from django.urls import path

from vorort.web.retention import views

urlpatterns = [
    path("loeschen/", views.retention, name="retention"),
    path("loeschen/fristen/", views.periods, name="periods"),
    path("loeschen/sperre/", views.legal_hold, name="legal_hold"),
    path("loeschen/sperre/<int:number>/aufheben/", views.lift, name="hold_lift"),
    path("loeschen/person/", views.delete, name="delete"),
    path("loeschen/nachweis/<int:number>/", views.certificate, name="certificate"),
]
