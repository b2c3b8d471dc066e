"""Addresses of proposals."""

from django.urls import path

from vorort.web.proposals import (
    fairness_views,
    letters_views,
    plan_views,
    rules_views,
    views,
    wants_views,
)

urlpatterns = [
    path("vergabe/", plan_views.placement, name="placement"),
    path("vergabe/rechnen/", plan_views.placement_start, name="placement_start"),
    path("vergabe/<int:number>/abbrechen/", plan_views.placement_stop, name="placement_stop"),
    path(
        "vergabe/<int:number>/<str:key>/bestaetigen/",
        plan_views.placement_confirm,
        name="placement_confirm",
    ),
    path(
        "vergabe/<int:number>/<str:key>/anfragen/", plan_views.placement_ask, name="placement_ask"
    ),
    path(
        "vergabe/<int:number>/<str:key>/anders/",
        plan_views.placement_change,
        name="placement_change",
    ),
    path(
        "vergabe/<int:number>/ausgleich/",
        fairness_views.placement_fairness,
        name="placement_fairness",
    ),
    path(
        "vergabe/<int:number>/ausgleich/rechnen/",
        fairness_views.placement_floor_start,
        name="placement_floor_start",
    ),
    path(
        "vergabe/<int:number>/ausgleich/<int:floor>/abbrechen/",
        fairness_views.placement_floor_stop,
        name="placement_floor_stop",
    ),
    path("vergabe/vergleich/", fairness_views.placement_compare, name="placement_compare"),
    path("vergabe/regeln/", rules_views.placement_rules, name="placement_rules"),
    path("vergabe/regeln/aendern/", rules_views.placement_rule, name="placement_rule"),
    path("vergabe/regeln/weg/", rules_views.placement_way, name="placement_way"),
    path("vergabe/vorlagen/", letters_views.letter_templates, name="letter_templates"),
    path("vergabe/vorlagen/<str:kind>.docx", letters_views.letter_template, name="letter_template"),
    path("haushalte/<str:key>/bescheid/", letters_views.letter, name="letter"),
    path(
        "haushalte/<str:key>/bescheid/<int:number>.docx",
        letters_views.letter_file,
        name="letter_file",
    ),
    path("haushalte/<str:key>/vergabe/", wants_views.placing_wants, name="placing_wants"),
    path("haushalte/<str:key>/vergabe/<str:what>/", wants_views.placing_want, name="placing_want"),
    path("vergabe/nacht/", views.tonight, name="tonight"),
    path("vergabe/nacht/vormerken/", views.tonight_hold, name="tonight_hold"),
]
