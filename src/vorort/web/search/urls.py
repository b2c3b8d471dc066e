"""Addresses of the search. What was searched for is in none of them."""

from django.urls import path

from vorort.web.search import views

urlpatterns = [
    path("suche/", views.search, name="search"),
    path("suche/taste/", views.key, name="search_key"),
]
