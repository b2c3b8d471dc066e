"""Addresses of lists in and out."""

from django.urls import path

from vorort.web.lists import views

urlpatterns = [
    path("listen/", views.lists, name="lists"),
    path("listen/einlesen/", views.upload, name="upload"),
    path("listen/vorlage/<str:kind>/", views.template, name="template"),
    path("listen/ausgeben/<str:what>/", views.export, name="export"),
    path("listen/<int:number>/", views.batch, name="batch"),
    path("listen/<int:number>/spalten/", views.remap, name="remap"),
    path("listen/<int:number>/zeile/", views.choose, name="choose"),
    path("listen/<int:number>/uebernehmen/", views.apply, name="apply"),
    path("listen/<int:number>/fehler.xlsx", views.faults, name="faults"),
    path("listen/planfall/ausgeben/", views.folder_out, name="folder_out"),
    path("listen/planfall/einlesen/", views.folder_in, name="folder_in"),
]
