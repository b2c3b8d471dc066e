"""Addresses of the Today page, the board and a household's page."""

from django.urls import path

from vorort.web.placing import emergency, fits, offering, sheets, views

urlpatterns = [
    path("heute/", views.today, name="today"),
    path("bedarf/", views.needs_open, name="needs_open"),
    path("plaetze/", views.board, name="board"),
    path("plaetze/frei/", fits.free, name="fits"),
    path("plaetze/woche/", sheets.week, name="week"),
    path("plaetze/nachtblatt/", sheets.night, name="night"),
    path("notverlegung/", emergency.emergency, name="emergency"),
    path("haushalte/<str:key>/", views.household, name="household"),
    path("haushalte/<str:key>/plaetze/", offering.offers, name="offers"),
    path("haushalte/<str:key>/einheit/", offering.take, name="take"),
    path("haushalte/<str:key>/vormerken/", offering.hold, name="hold"),
    path("haushalte/<str:key>/bestaetigen/", views.confirm, name="confirm"),
    path("haushalte/<str:key>/einzug/", views.move_in, name="move_in"),
    path("haushalte/<str:key>/auszug/", views.move_out, name="move_out"),
    path("haushalte/<str:key>/belegung/<str:what>/", views.stay_act, name="stay_act"),
]
