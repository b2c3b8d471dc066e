"""Addresses of households and people."""

from django.urls import path

from vorort.web.intake import views

urlpatterns = [
    path("haushalte/doppelt/", views.twice, name="twice"),
    path("haushalte/<str:key>/eintragen/<str:what>/", views.household_act, name="household_act"),
    path("haushalte/", views.households, name="households"),
    path("haushalte/suche/", views.by_name, name="by_name"),
    path("haushalte/neu/", views.register, name="register"),
    path("haushalte/unvollstaendig/", views.incomplete, name="incomplete"),
    path("haushalte/<str:key>/trennen/", views.separate, name="separate"),
    path("haushalte/<str:key>/zustaendig/", views.hand_over, name="hand_over"),
    path("haushalte/<str:key>/personen/<str:number>/", views.person, name="person"),
    path("haushalte/<str:key>/personen/<str:number>/doppelt/", views.merge, name="merge"),
    path(
        "haushalte/<str:key>/personen/<str:number>/<str:what>/", views.person_act, name="person_act"
    ),
]
