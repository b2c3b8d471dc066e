"""Address of the page on operations."""

from django.urls import path

from vorort.web.operations import views

urlpatterns = [path("betrieb/", views.operations, name="operations")]
