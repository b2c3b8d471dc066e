"""Addresses of requests."""

from django.urls import path

from vorort.web.requests import disclose, views

urlpatterns = [
    path("anfragen/", views.requests, name="requests"),
    path("anfragen/<int:number>/antwort/", views.answer, name="request_answer"),
    path("anfragen/<int:number>/ende/", views.end, name="request_end"),
    path("haushalte/<str:key>/anfragen/", views.new, name="request_new"),
    path("haushalte/<str:key>/weitergeben/", disclose.disclose, name="disclose"),
]
