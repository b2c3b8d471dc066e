"""Addresses of proposals."""

from django.urls import path

from vorort.web.proposals import views

urlpatterns = [
    path("vergabe/nacht/", views.tonight, name="tonight"),
    path("vergabe/nacht/vormerken/", views.tonight_hold, name="tonight_hold"),
]
