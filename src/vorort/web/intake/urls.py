"""Addresses of households and people."""

from django.urls import path

from vorort.web.intake import household_views, person_views, twice_views, views

urlpatterns = [
    path("haushalte/doppelt/", twice_views.twice, name="twice"),
    path(
        "haushalte/<str:key>/eintragen/<str:what>/",
        household_views.household_act,
        name="household_act",
    ),
    path("haushalte/", views.households, name="households"),
    path("haushalte/suche/", views.by_name, name="by_name"),
    path("haushalte/neu/", views.register, name="register"),
    path("haushalte/unvollstaendig/", views.incomplete, name="incomplete"),
    path("haushalte/<str:key>/trennen/", household_views.separate, name="separate"),
    path("haushalte/<str:key>/zustaendig/", household_views.hand_over, name="hand_over"),
    path("haushalte/<str:key>/personen/<str:number>/", person_views.person, name="person"),
    path("haushalte/<str:key>/personen/<str:number>/doppelt/", twice_views.merge, name="merge"),
    path(
        "haushalte/<str:key>/personen/<str:number>/<str:what>/",
        person_views.person_act,
        name="person_act",
    ),
]
