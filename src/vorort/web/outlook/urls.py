"""Addresses of the outlook."""

from django.urls import path

from vorort.web.outlook import views

urlpatterns = [
    path("ausblick/", views.outlook, name="outlook"),
    path("ausblick/rechnen/", views.start, name="outlook_start"),
    path("ausblick/<int:number>/abbrechen/", views.stop, name="outlook_stop"),
    path("ausblick/<int:number>/bericht/", views.report, name="outlook_report"),
    path("ausblick/<int:number>/zahlen.json", views.result, name="outlook_result"),
]
