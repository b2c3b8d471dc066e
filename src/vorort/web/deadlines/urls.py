"""Address of the legal dates."""

from django.urls import path

from vorort.web.deadlines import views

urlpatterns = [path("fristen/", views.deadlines, name="deadlines")]
