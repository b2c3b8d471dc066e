"""Addresses of sites, units and seats."""

from django.urls import path

from vorort.web.town import changes, views

urlpatterns = [
    path("standorte/", views.sites, name="sites"),
    path("standorte/neu/", views.site_form, name="site_new"),
    path("standorte/<str:key>/", views.site, name="site"),
    path("standorte/<str:key>/aendern/", views.site_form, name="site_form"),
    path("standorte/<str:key>/ereignis/", changes.event, name="site_event"),
    path("standorte/<str:key>/ereignis/<str:event>/", changes.withdraw, name="event_withdraw"),
    path("standorte/<str:key>/einheiten/neu/", views.unit_form, name="unit_new"),
    path("standorte/<str:key>/einheiten/<str:unit>/", views.unit, name="unit"),
    path("standorte/<str:key>/einheiten/<str:unit>/aendern/", views.unit_form, name="unit_form"),
    path("meldungen/<str:domain>/", views.seats, name="seats"),
    path("meldungen/<str:domain>/<str:unit>/", views.report, name="report"),
]
