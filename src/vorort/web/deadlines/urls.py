"""Addresses of the legal dates."""

from django.urls import path

from vorort.web.deadlines import views

urlpatterns = [
    path("fristen/", views.deadlines, name="deadlines"),
    path("fristen/geaendert/<int:number>/", views.moved, name="moved"),
]
