"""Addresses of lists in and out."""

from django.urls import path

from vorort.web.lists import batch_views, views

urlpatterns = [
    path("listen/", views.lists, name="lists"),
    path("listen/einlesen/", views.upload, name="upload"),
    path("listen/vorlage/<str:kind>/", views.template, name="template"),
    path("listen/ausgeben/<str:what>/", views.export, name="export"),
    path("listen/<int:number>/", batch_views.batch, name="batch"),
    path("listen/<int:number>/spalten/", batch_views.remap, name="remap"),
    path("listen/<int:number>/zeile/", batch_views.choose, name="choose"),
    path("listen/<int:number>/uebernehmen/", batch_views.apply, name="apply"),
    path("listen/<int:number>/abbrechen/", batch_views.stop, name="import_stop"),
    path("listen/<int:number>/fehler.xlsx", batch_views.faults, name="faults"),
    path("listen/planfall/ausgeben/", views.folder_out, name="folder_out"),
    path("listen/planfall/einlesen/", views.folder_in, name="folder_in"),
]
