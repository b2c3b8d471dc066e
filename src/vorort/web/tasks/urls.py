"""Addresses of the tasks."""

from django.urls import path

from vorort.web.tasks import views

urlpatterns = [
    path("aufgaben/", views.tasks, name="tasks"),
    path("aufgaben/<int:number>/erledigen/", views.end, name="task_end"),
    path("aufgaben/uebergabe/<int:number>/", views.handover, name="handover"),
]
