"""Every address of the register. The table of rights in the tests walks exactly this list."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from vorort.web.accounts import views as accounts
from vorort.web.placing import views as placing

urlpatterns = [
    path("", accounts.start, name="start"),
    path("anmelden/", accounts.Login.as_view(), name="login"),
    path("abmelden/", LogoutView.as_view(), name="logout"),
    path("sprache/", accounts.language, name="language"),
    path("ohne-seite/", accounts.nothing, name="nothing"),
    path("heute/", placing.today, name="today"),
    path("plaetze/", placing.board, name="board"),
    path("haushalte/", placing.households, name="households"),
    path("haushalte/<str:key>/", placing.household, name="household"),
    path("haushalte/<str:key>/plaetze/", placing.offers, name="offers"),
    path("haushalte/<str:key>/vormerken/", placing.hold, name="hold"),
    path("haushalte/<str:key>/bestaetigen/", placing.confirm, name="confirm"),
    path("haushalte/<str:key>/einzug/", placing.move_in, name="move_in"),
    path("haushalte/<str:key>/auszug/", placing.move_out, name="move_out"),
]
